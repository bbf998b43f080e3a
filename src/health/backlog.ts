import type { Journal } from '../journal/journal.ts'
import type { Ledger } from '../journal/ledger.ts'
import { answeredWithin } from '../lib/with-timeout.ts'

/** What is in the journal, and since when. */
export type Backlog = {
  readonly ledger: Ledger
  /** When the oldest entry that waits for the store was received; undefined when nothing waits. */
  readonly oldestAt: number | undefined
}

export type BacklogJournal = Pick<Journal, 'ledger' | 'take'>

/** More than a busy moment: from this age on (milliseconds), the store is not keeping up or not there. */
export const OLD_BACKLOG_MS = 60_000

/** A disk or a database that takes longer than this to answer is as good as gone. Probes give up after some seconds too. */
export const PATIENCE_MS = 2_000

/** Undefined when the journal does not answer. */
export const readBacklog = (journal: BacklogJournal): Promise<Backlog | undefined> =>
  answeredWithin(
    PATIENCE_MS,
    Promise.all([journal.ledger(), journal.take(1)]).then(([ledger, [oldest]]) => ({
      ledger,
      oldestAt: oldest && receivedAt(oldest.body),
    })),
  )

/** When an entry was received; events and incidents both say. Undefined for one that was garbled on the disk. */
export function receivedAt(body: string): number | undefined {
  try {
    const { at } = JSON.parse(body) as { readonly at?: unknown }
    return Number.isSafeInteger(at) ? (at as number) : undefined
  } catch {
    return undefined
  }
}
