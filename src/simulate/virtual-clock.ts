// A clock that plays the past as fast as the work in it allows, and then goes on in real time. It stands still while anybody is at
// work; when all of them sleep, it jumps to the moment at which the next one wakes. So what happens, and when, depends on how long
// they sleep and not on how fast the machine is.

import { type Clock, systemClock } from '../lib/clock.ts'
import { sleep } from '../lib/sleep.ts'

export type VirtualClock = {
  /** Whole milliseconds since the epoch. Never goes back, if the real clock does not. */
  readonly now: Clock
  /** Starts work during which the clock stands still, except while it sleeps. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Only for work that was started by `run`. In the past only one sleeper wakes at a time, the first to sleep first. */
  sleep(ms: number): Promise<void>
  /** Resolves when the next sleeper would wake later than now, or when the signal aborts. */
  readonly caughtUp: Promise<void>
}

export type VirtualClockOptions = {
  readonly startsAt: number
  readonly real?: Clock
  /** Wakes everybody, and nobody sleeps any more. */
  readonly signal: AbortSignal
}

type Sleeper = { readonly wakesAt: number; readonly wake: () => void }

export function createVirtualClock({ startsAt, real = systemClock, signal }: VirtualClockOptions): VirtualClock {
  let time = startsAt
  let isLive = false
  let awake = 0
  /** In the order in which they wake. */
  const sleepers: Sleeper[] = []
  const caughtUp = Promise.withResolvers<void>()

  const wake = (sleeper: Sleeper) => {
    awake++
    sleeper.wake()
  }

  const goLive = () => {
    isLive = true
    for (const sleeper of sleepers.splice(0)) void sleep(sleeper.wakesAt - real(), signal).then(sleeper.wake)
    caughtUp.resolve()
  }

  const advance = () => {
    const [next] = sleepers
    if (awake > 0 || !next) return
    if (next.wakesAt > real()) return goLive()
    time = next.wakesAt
    sleepers.shift()
    wake(next)
  }

  const rest = () => {
    awake--
    // Not at once, so that work started at the same time is counted first.
    queueMicrotask(advance)
  }

  const onAbort = () => {
    for (const sleeper of sleepers.splice(0)) wake(sleeper)
    caughtUp.resolve()
  }
  signal.addEventListener('abort', onAbort, { once: true })

  return {
    now: () => (isLive ? Math.max(time, real()) : time),

    async run(work) {
      awake++
      try {
        return await work()
      } finally {
        rest()
      }
    },

    async sleep(ms) {
      if (signal.aborted) return
      if (isLive) return sleep(ms, signal)
      await new Promise<void>((wake) => {
        const wakesAt = time + Math.max(0, Math.round(ms))
        const place = sleepers.findIndex((other) => other.wakesAt > wakesAt)
        sleepers.splice(place < 0 ? sleepers.length : place, 0, { wakesAt, wake })
        rest()
      })
    },

    caughtUp: caughtUp.promise,
  }
}
