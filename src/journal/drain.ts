// Moves what the journal holds to the store, oldest first, and lets go of it only when the store has it.

import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident } from '../trail/incident.ts'
import type { SessionRulebook } from '../trail/session.ts'
import type { WaitingEntry } from './file.ts'
import type { Journal } from './journal.ts'

export type DrainDeps = {
  readonly journal: Pick<Journal, 'take' | 'settle'>
  readonly store: Pick<Store, 'record' | 'addIncidents'>
  readonly rules: () => SessionRulebook
  readonly clock: Clock
  readonly log: Log
}

export type Drain = {
  /** Says that there is something new in the journal. */
  wake(): void
  /** Resolves when the journal, looked at after this call, is found empty. Rejects when the drain stops first. */
  settled(): Promise<void>
  /** Stops after the batch under way. Idempotent. */
  stop(): Promise<void>
}

const BATCH = 500

/** Events of a session come in bursts; a short wait lets one derivation of the session serve several of them. */
const GATHER_MS = 200
/** Also looked at without being woken, so that nothing can wait for ever. */
const IDLE_MS = 5_000
const MAX_BACKOFF_MS = 30_000

/** Incidents kept in the store; older ones give way, so that what strangers send cannot fill the disk. */
const INCIDENTS_KEPT = 10_000

export function startDrain(deps: DrainDeps): Drain {
  const { journal, clock, log } = deps
  let stopped = false
  let woken = false
  let failures = 0
  let interrupt = () => {}
  let waiters: { resolve: () => void; reject: (error: Error) => void }[] = []

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      interrupt = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** One batch; returns how many entries it had. */
  const move = async (): Promise<number> => {
    const batch = await journal.take(BATCH)
    const last = batch.at(-1)
    if (last) await journal.settle({ through: last.seq, ...(await hand(batch, deps)) }, clock())
    return batch.length
  }

  const backOff = async (error: unknown) => {
    failures++
    const delay = Math.min(MAX_BACKOFF_MS, 100 * 2 ** failures) * (0.5 + Math.random() / 2)
    const retryInMs = Math.round(delay)
    log.warn({ err: error, failures, retryInMs }, 'the store did not take events; they wait in the journal')
    if (!stopped) await pause(delay)
  }

  const rest = async () => {
    if (!woken && !stopped && waiters.length === 0) await pause(IDLE_MS)
    if (!stopped && waiters.length === 0) await pause(GATHER_MS)
  }

  const loop = async () => {
    while (!stopped) {
      woken = false
      const asked = waiters
      try {
        const moved = await move()
        if (failures > 0) log.info('the store takes events again')
        failures = 0
        if (moved > 0 && (moved === BATCH || waiters.length > 0)) continue
        waiters = waiters.filter((waiter) => !asked.includes(waiter))
        for (const waiter of asked) waiter.resolve()
        await rest()
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
      interrupt()
    },
    settled: () =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new Error('the drain is stopped'))
        waiters.push({ resolve, reject })
        interrupt()
      }),
    async stop() {
      stopped = true
      interrupt()
      await running
      for (const waiter of waiters) waiter.reject(new Error('the drain is stopped'))
      waiters = []
    },
  }
}

/** Hands a batch to the store and says what became of it. */
async function hand(batch: readonly WaitingEntry[], { store, rules }: DrainDeps) {
  const events: TrailEvent[] = []
  const incidents: Incident[] = []
  const seqs = new Map<string, number>()
  for (const { seq, kind, body } of batch) {
    if (kind === 'incident') incidents.push(JSON.parse(body) as Incident)
    else {
      const event = JSON.parse(body) as TrailEvent
      events.push(event)
      seqs.set(event.id, seq)
    }
  }
  if (incidents.length > 0) await store.addIncidents(incidents, INCIDENTS_KEPT)
  if (events.length === 0) return { stored: 0, repeated: 0, refused: [] }

  const { stored, repeated, refused } = await store.record(events, rules())
  return {
    stored,
    repeated,
    refused: refused.map(({ id, reason }) => ({ seq: seqs.get(id) as number, reason })),
  }
}
