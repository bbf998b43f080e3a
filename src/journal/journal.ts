// The write-behind buffer: an event is on disk here before its user is answered, and leaves only after the store has it.

import { sleep } from '../lib/sleep.ts'
import { connectWorker, startThread } from '../lib/worker.ts'
import type { SealedSession } from '../store/sealed-session.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident } from '../trail/incident.ts'
import { DAMAGED, type Durability } from './database.ts'
import type { Entry, Settlement, WaitingEntry } from './entries.ts'
import { bodyOf, understand } from './entry.ts'
import type { Ledger } from './ledger.ts'
import type { Recovery } from './recovery.ts'
import type { JournalCalls } from './worker.ts'

export type Journal = {
  /**
   * Resolves when the event is as safe as `durability` promises. Events of the same moment share one commit. Rejects when it
   * could not be written (disk full, or too much is waiting to be written already); the event is then counted as dropped.
   * `session`: what the session said until then, which goes along.
   */
  append(event: TrailEvent, session?: SealedSession): Promise<void>
  /** Writes an incident along with events. Nobody waits for it, and one that cannot be written is dropped. */
  note(incident: Incident): void
  /** The oldest entries, at most `limit`; the same again until they are settled. */
  take(limit: number): Promise<readonly WaitingEntry[]>
  /** Deletes a batch that the store has acknowledged. */
  settle(settlement: Settlement, at: number): Promise<void>
  /** The newest events of one token that the store does not have yet, oldest first, `limit` at most. */
  newestEventsOf(flow: string, token: string, limit: number): Promise<readonly TrailEvent[]>
  /** The newest session of a token that the store does not have yet. */
  sealedSession(flow: string, token: string): Promise<SealedSession | undefined>
  /** Removes these events from the quarantine. Returns how many. */
  eraseQuarantined(isErased: (event: TrailEvent) => boolean): Promise<number>
  ledger(): Promise<Ledger>
  /** Takes what was settled out of its files. False while another process reads them; ask again then. */
  purge(): Promise<boolean>
  /** Resolves when nothing is pending: all entries are on disk, or counted as dropped. */
  flush(): Promise<void>
  /** Writes what is pending, then closes the file. Idempotent. */
  close(): Promise<void>
}

export type JournalOptions = {
  readonly file: string
  readonly durability: Durability
  /** Called after each commit: there is something to drain. */
  readonly onCommit: () => void
  /** Called after the recovery of a damaged file, at the start or later. */
  readonly onRecovery?: (recovery: Recovery) => void
}

/** One commit takes about this much (characters) and no more, so that the -wal stays small; see `disk-reserve.ts`. */
const COMMIT_SIZE = 4 * 1024 * 1024

/**
 * A lone append commits at once. Where the commit before had company, the next one waits for more, because a commit costs as much as
 * several events: so long for each further entry of the one before, and at most so long (milliseconds).
 */
const GATHER_PER_ENTRY_MS = 0.5
const MAX_GATHER_MS = 3

/** A disk that damages whatever it holds must not be filled with one damaged journal after another. */
const RECOVER_EVERY_MS = 60_000

/** Entries and their characters waiting for a disk that does not answer; beyond it events are dropped, and counted, rather than held in memory. */
const MAX_PENDING = 20_000
const MAX_PENDING_SIZE = 64 * 1024 * 1024

/** Each can be large. */
const QUARANTINED_AT_ONCE = 50

type Pending = { readonly entry: Entry; readonly resolve: () => void; readonly reject: (error: Error) => void }

/** Rejects with a sentence when the file cannot be opened. */
export async function openJournal({ file, durability, onCommit, onRecovery }: JournalOptions): Promise<Journal> {
  const { remote, close } = connectWorker<JournalCalls>(startThread('journal/worker.ts'), () => {}, 0)
  const recovery = await remote.open(file, durability).catch((error: Error) => {
    close()
    throw error
  })
  if (recovery) onRecovery?.(recovery)

  const pending: Pending[] = []
  let pendingSize = 0
  let committing: Promise<void> | undefined
  let dropped = 0
  let closing: Promise<void> | undefined

  let lastCommit = { startedAt: Number.NEGATIVE_INFINITY, entries: 0 }
  let recovering: Promise<void> | undefined
  let recoveredAt = Number.NEGATIVE_INFINITY

  const recover = async () => {
    recoveredAt = performance.now()
    onRecovery?.(await remote.recover())
  }

  /** Makes the call; on a damaged journal, recovers it and tries once more. */
  const whole = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call()
    } catch (error) {
      if ((error as Error).name !== DAMAGED) throw error
      if (!recovering && performance.now() - recoveredAt < RECOVER_EVERY_MS) throw error
      recovering ??= recover().finally(() => {
        recovering = undefined
      })
      await recovering
      return call()
    }
  }

  /** One commit at a time; entries that arrive meanwhile share the next one. An empty commit writes the count of the dropped. */
  const commit = async () => {
    do {
      await gather()
      const batch = takePending()
      const entries = batch.map((item) => item.entry)
      lastCommit = { startedAt: performance.now(), entries: entries.length }
      const droppedBefore = dropped
      try {
        await whole(() => remote.append(entries, droppedBefore))
        dropped -= droppedBefore
        for (const item of batch) item.resolve()
        if (batch.length > 0) onCommit()
      } catch (error) {
        dropped += batch.filter((item) => item.entry.kind === 'event').length
        for (const item of batch) item.reject(error as Error)
      }
    } while (pending.length > 0)
    committing = undefined
  }

  const gather = async () => {
    const pause = Math.min(MAX_GATHER_MS, GATHER_PER_ENTRY_MS * (lastCommit.entries - 1))
    const left = lastCommit.startedAt + pause - performance.now()
    if (left > 0) await sleep(left)
  }

  const takePending = (): Pending[] => {
    let size = 0
    const end = pending.findIndex(({ entry }) => {
      size += entry.body.length
      return size >= COMMIT_SIZE
    })
    const taken = pending.splice(0, end < 0 ? pending.length : end + 1)
    pendingSize -= size
    return taken
  }

  const startCommit = () => {
    committing ??= Promise.resolve().then(commit)
  }

  const add = (entry: Entry): Promise<void> =>
    new Promise((resolve, reject) => {
      if (closing || pending.length >= MAX_PENDING || pendingSize >= MAX_PENDING_SIZE) {
        if (entry.kind === 'event') dropped++
        return reject(new Error(closing ? 'the journal is closed' : 'too many events wait for the journal’s disk'))
      }
      pending.push({ entry, resolve, reject })
      pendingSize += entry.body.length
      startCommit()
    })

  return {
    append: (event, session) => add({ kind: 'event', owner: tokenKeyOf(event), body: bodyOf(event, session) }),
    note: (incident) => void add({ kind: 'incident', owner: '', body: JSON.stringify(incident) }).catch(() => {}),
    take: (limit) => whole(() => remote.take(limit)),
    async settle(settlement, at) {
      await whole(() => remote.settle(settlement, at))
      if (dropped > 0) startCommit()
    },
    async newestEventsOf(flow, token, limit) {
      const bodies = await whole(() => remote.waitingOf(tokenKeyOf({ flow, token }), limit))
      return bodies.flatMap((body) => {
        const found = understand({ kind: 'event', body })
        return found.kind === 'event' ? [found.event] : []
      })
    },
    async sealedSession(flow, token) {
      const body = await whole(() => remote.newestWithSession(tokenKeyOf({ flow, token })))
      const found = body === undefined ? undefined : understand({ kind: 'event', body })
      return found?.kind === 'event' ? found.session : undefined
    },
    async eraseQuarantined(isErased) {
      let erased = 0
      for (let after = 0; ; ) {
        const page = await whole(() => remote.quarantined(after, QUARANTINED_AT_ONCE))
        const seqs = page.flatMap(({ seq, body }) => {
          const found = understand({ kind: 'event', body })
          return found.kind === 'event' && isErased(found.event) ? [seq] : []
        })
        if (seqs.length > 0) await whole(() => remote.eraseQuarantined(seqs))
        erased += seqs.length
        const last = page.at(-1)
        if (!last) return erased
        after = last.seq
      }
    },
    async ledger() {
      const ledger = await whole(remote.ledger)
      return { ...ledger, received: ledger.received + dropped, dropped: ledger.dropped + dropped }
    },
    purge: () => whole(remote.purge),
    flush: () => committing ?? Promise.resolve(),
    close() {
      if (!closing && dropped > 0) startCommit()
      closing ??= (committing ?? Promise.resolve()).then(() => remote.close()).finally(close)
      return closing
    },
  }
}
