// The write-behind buffer: what is acknowledged to a user is on disk here before the user hears of it, and leaves only when
// the store has it.

import { connectWorker, startThread } from '../lib/worker.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident } from '../trail/incident.ts'
import type { Durability, Entry, Settlement, WaitingEntry } from './file.ts'
import type { Ledger } from './ledger.ts'
import type { JournalCalls } from './worker.ts'

export type Journal = {
  /**
   * Resolves when the event is as safe as `durability` promises. Events of the same moment share one commit. Rejects when it
   * could not be written (disk full, or too much is waiting to be written already); the event is then counted as dropped.
   */
  append(event: TrailEvent): Promise<void>
  /** Incidents are written down along with events; nobody waits for them, and one that cannot be written is let go. */
  note(incident: Incident): void
  /** The oldest entries, at most `limit`; the same again until they are settled. */
  take(limit: number): Promise<readonly WaitingEntry[]>
  /** Lets go of a batch, as the store has acknowledged it. */
  settle(settlement: Settlement, at: number): Promise<void>
  /** The events of one token that the store does not have yet, oldest first. */
  eventsOf(flow: string, token: string): Promise<readonly TrailEvent[]>
  ledger(): Promise<Ledger>
  /** Resolves when nothing is pending: all that was handed over is on disk, or counted as dropped. */
  flush(): Promise<void>
  /** Writes what is pending, then closes the file. Idempotent. */
  close(): Promise<void>
}

export type JournalOptions = {
  readonly file: string
  readonly durability: Durability
  /** Called after each commit: there is something to drain. */
  readonly onCommit: () => void
}

/** Entries waiting for a disk that does not answer; beyond it events are dropped, and counted, rather than held in memory. */
const MAX_PENDING = 20_000

type Pending = { readonly entry: Entry; readonly resolve: () => void; readonly reject: (error: Error) => void }

/** Rejects with a sentence when the file cannot be opened. */
export async function openJournal({ file, durability, onCommit }: JournalOptions): Promise<Journal> {
  const { remote, close } = connectWorker<JournalCalls>(startThread('journal/worker.ts'))
  await remote.open(file, durability).catch((error: Error) => {
    close()
    throw error
  })

  let pending: Pending[] = []
  let committing: Promise<void> | undefined
  let dropped = 0
  let closing: Promise<void> | undefined

  /** One commit at a time; whatever arrives meanwhile shares the next one. */
  const commit = async () => {
    while (pending.length > 0) {
      const batch = pending
      pending = []
      const droppedBefore = dropped
      try {
        await remote.append(
          batch.map((item) => item.entry),
          droppedBefore,
        )
        dropped -= droppedBefore
        for (const item of batch) item.resolve()
        onCommit()
      } catch (error) {
        dropped += batch.filter((item) => item.entry.kind === 'event').length
        for (const item of batch) item.reject(error as Error)
      }
    }
    committing = undefined
  }

  const add = (entry: Entry): Promise<void> =>
    new Promise((resolve, reject) => {
      if (closing || pending.length >= MAX_PENDING) {
        if (entry.kind === 'event') dropped++
        return reject(new Error(closing ? 'the journal is closed' : 'too many events wait for the journal’s disk'))
      }
      pending.push({ entry, resolve, reject })
      committing ??= Promise.resolve().then(commit)
    })

  return {
    append: (event) => add({ kind: 'event', owner: ownerOf(event.flow, event.token), body: JSON.stringify(event) }),
    note: (incident) => void add({ kind: 'incident', owner: '', body: JSON.stringify(incident) }).catch(() => {}),
    take: (limit) => remote.take(limit),
    settle: (settlement, at) => remote.settle(settlement, at),
    async eventsOf(flow, token) {
      const bodies = await remote.waitingOf(ownerOf(flow, token))
      return bodies.map((body) => JSON.parse(body) as TrailEvent)
    },
    async ledger() {
      const ledger = await remote.ledger()
      return { ...ledger, received: ledger.received + dropped, dropped: ledger.dropped + dropped }
    },
    flush: () => committing ?? Promise.resolve(),
    close() {
      closing ??= (committing ?? Promise.resolve()).then(() => remote.close()).finally(close)
      return closing
    },
  }
}

const ownerOf = (flow: string, token: string): string => `${flow}\n${token}`
