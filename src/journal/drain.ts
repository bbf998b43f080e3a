// Moves entries from the journal to the store, oldest first. An entry leaves the journal only after the store has it.

import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { sleep } from '../lib/sleep.ts'
import type { SealedSession } from '../store/sealed-session.ts'
import type { Store } from '../store/store.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident } from '../trail/incident.ts'
import type { SessionRulebook } from '../trail/session.ts'
import type { Settlement, WaitingEntry } from './entries.ts'
import { understand } from './entry.ts'
import type { Journal } from './journal.ts'

export type DrainDeps = {
  readonly journal: Pick<Journal, 'take' | 'settle'>
  readonly store: Pick<Store, 'record' | 'addIncidents' | 'keepSealed'>
  readonly rules: SessionRulebook
  /** What the event is at its age: one can have waited longer than its values are kept. Without it, what it was. */
  readonly aged?: (event: TrailEvent) => TrailEvent
  /** Leaves out the events of people who were erased. Without it, all stay. */
  readonly sift?: (events: readonly TrailEvent[]) => Promise<readonly TrailEvent[]>
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Passed in where a test says how long it waits. */
  readonly wait?: typeof sleep
}

export type Drain = {
  /** Tells it that the journal has a new entry. */
  wake(): void
  /** Tells it that the store can be reached again: ends the wait after a failure. */
  retry(): void
  /** Resolves when a look after this call finds the journal empty. Rejects when the drain stops first. */
  settled(): Promise<void>
  /** Resolves when the batch under way has ended, well or badly. */
  batchEnded(): Promise<void>
  /** Stops after the batch under way. Idempotent. */
  stop(): Promise<void>
}

const BATCH = 500

/** Events of a session come in bursts; a short wait lets one derivation of the session serve several of them. */
const GATHER_MS = 200
/** It looks this often without being woken, so that nothing can wait for ever. */
const IDLE_MS = 5_000
const MAX_BACKOFF_MS = 30_000

/** Older incidents are deleted, so that strangers cannot fill the disk. */
const INCIDENTS_KEPT = 10_000

const TROUBLE = {
  store: 'the store did not take events; they wait in the journal',
  journal: 'the journal could not be read, or let go of what the store has; see that its disk is not full or broken',
}

export function startDrain(deps: DrainDeps): Drain {
  const { journal, clock, log, wait = sleep } = deps
  let stopped = false
  let woken = false
  let batch = Promise.resolve()
  let failures = 0
  let pausing = new AbortController()
  let waiters: { resolve: () => void; reject: (error: Error) => void }[] = []

  const pause = (ms: number) => {
    pausing = new AbortController()
    return wait(ms, pausing.signal)
  }

  /** A batch that the store has and the journal has not deleted yet. */
  let unsettled: { readonly settlement: Settlement; readonly size: number } | undefined
  /** The one that was asked last, for the log line when it fails. */
  let asked: 'journal' | 'store' = 'journal'

  /** One batch; returns how many entries it had. */
  const move = async (): Promise<number> => {
    if (!unsettled) {
      asked = 'journal'
      const batch = await journal.take(BATCH)
      const last = batch.at(-1)
      if (!last) return 0
      asked = 'store'
      unsettled = { settlement: { through: last.seq, ...(await hand(batch, deps)) }, size: batch.length }
    }
    // If this fails, only the journal is asked again: the store has the batch.
    asked = 'journal'
    await journal.settle(unsettled.settlement, clock())
    const { size } = unsettled
    unsettled = undefined
    return size
  }

  const backOff = async (error: unknown) => {
    failures++
    const delay = Math.min(MAX_BACKOFF_MS, 100 * 2 ** failures) * (0.5 + Math.random() / 2)
    log.warn({ err: error, failures, retryInMs: Math.round(delay) }, TROUBLE[asked])
    if (!stopped) await pause(delay)
  }

  /** Rests for longer only when the journal is empty: a batch can be small because its entries are large. */
  const rest = async (moved: number) => {
    if (moved === 0 && !woken && !stopped && waiters.length === 0) await pause(IDLE_MS)
    if (!stopped && waiters.length === 0) await pause(GATHER_MS)
  }

  const loop = async () => {
    while (!stopped) {
      woken = false
      const present = waiters
      try {
        const moving = move()
        batch = moving.then(
          () => {},
          () => {},
        )
        const moved = await moving
        if (failures > 0) log.info('events move to the store again')
        failures = 0
        if (moved > 0 && (moved === BATCH || waiters.length > 0)) continue
        waiters = waiters.filter((waiter) => !present.includes(waiter))
        for (const waiter of present) waiter.resolve()
        await rest(moved)
      } catch (error) {
        await backOff(error)
      }
    }
  }
  const running = loop()

  return {
    wake() {
      if (woken || failures > 0) return
      woken = true
      pausing.abort()
    },
    retry() {
      if (failures === 0) return
      failures = 1
      pausing.abort()
    },
    settled: () =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new Error('the drain is stopped'))
        waiters.push({ resolve, reject })
        pausing.abort()
      }),
    batchEnded: () => batch,
    async stop() {
      stopped = true
      pausing.abort()
      await running
      for (const waiter of waiters) waiter.reject(new Error('the drain is stopped'))
      waiters = []
    },
  }
}

/** Hands a batch to the store. Entries that cannot be read are refused here, so that they hold up no others. */
async function hand(
  batch: readonly WaitingEntry[],
  { store, rules, aged = (event) => event, sift = async (events) => events }: DrainDeps,
): Promise<Omit<Settlement, 'through'>> {
  const events: TrailEvent[] = []
  const incidents: Incident[] = []
  const garbled: { seq: number; reason: string }[] = []
  const seqs = new Map<string, number[]>()
  const said = new Map<string, SealedSession>()
  for (const entry of batch) {
    const found = understand(entry)
    if (found.kind === 'garbled') garbled.push({ seq: entry.seq, reason: found.reason })
    else if (found.kind === 'incident') incidents.push(found.incident)
    else {
      events.push(found.event)
      if (found.session) said.set(found.event.id, found.session)
      seqs.set(found.event.id, [...(seqs.get(found.event.id) ?? []), entry.seq])
    }
  }
  if (incidents.length > 0) await store.addIncidents(incidents, INCIDENTS_KEPT)
  const wanted = events.length === 0 ? [] : await sift(events)
  const erased = events.length - wanted.length
  if (wanted.length === 0) return { stored: 0, alreadyStored: 0, erased, refused: garbled }

  // First, so that no process finds an event in the store and not what its session said.
  const sessions = newestOf(wanted.flatMap(({ id }) => said.get(id) ?? []))
  if (sessions.length > 0) await store.keepSealed(sessions)
  const { stored, alreadyStored, refused } = await store.record(wanted.map(aged), rules)
  const refusals = refused.map(({ id, reason }) => ({ seq: seqs.get(id)?.shift() as number, reason }))
  return { stored, alreadyStored, erased, refused: [...garbled, ...refusals] }
}

/** The last of each token. */
const newestOf = (sessions: readonly SealedSession[]): SealedSession[] => [
  ...new Map(sessions.map((session) => [tokenKeyOf(session), session])).values(),
]
