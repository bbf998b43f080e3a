import type { Journal } from '../journal/journal.ts'
import type { Ledger } from '../journal/ledger.ts'
import { isObject, parseJson } from '../lib/json.ts'
import { answeredWithin } from '../lib/with-timeout.ts'

export type Backlog = {
  readonly ledger: Ledger
  /** When the oldest waiting entry was received; undefined if none waits. */
  readonly oldestAt: number | undefined
}

export type BacklogJournal = Pick<Journal, 'ledger' | 'take'>

/** From this age on (milliseconds), the store is too slow or away. */
export const OLD_BACKLOG_MS = 60_000

/** A disk or a database that takes longer than this to answer is as good as gone. Probes give up after some seconds too. */
export const PATIENCE_MS = 2_000

/** Undefined if the journal does not answer. */
export const readBacklog = (journal: BacklogJournal): Promise<Backlog | undefined> =>
  answeredWithin(
    PATIENCE_MS,
    Promise.all([journal.ledger(), journal.take(1)]).then(([ledger, [oldest]]) => ({
      ledger,
      oldestAt: oldest && receivedAt(oldest.body),
    })),
  )

/** When an entry was received. Undefined if it was garbled on the disk. */
export function receivedAt(body: string): number | undefined {
  const entry = parseJson(body)
  return isObject(entry) && Number.isSafeInteger(entry.at) ? (entry.at as number) : undefined
}
