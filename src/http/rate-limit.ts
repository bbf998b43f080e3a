import type { Clock } from '../lib/clock.ts'

export type RateLimit = {
  /** Takes one token; milliseconds to wait if none is left, else 0. */
  take(key: string): number
  /** Returns a token: the attempt was no guess. */
  giveBack(key: string): void
}

type Limits = {
  readonly burst: number
  readonly refillMs: number
  /** Buckets kept. Further keys wait until one of these is full, so that nobody refills a bucket by making up keys. */
  readonly keys: number
}

/** A token bucket per key. A full bucket is the same as none, and is not kept. */
export function createRateLimit({ burst, refillMs, keys }: Limits, clock: Clock): RateLimit {
  /** When each bucket is full again. */
  const fullAt = new Map<string, number>()
  /** None is full before. */
  let firstFullAt = Number.POSITIVE_INFINITY

  const removeFull = (now: number): void => {
    if (now < firstFullAt) return
    firstFullAt = Number.POSITIVE_INFINITY
    for (const [key, at] of fullAt) {
      if (at <= now) fullAt.delete(key)
      else firstFullAt = Math.min(firstFullAt, at)
    }
  }
  /** No more than an empty bucket has, as the clock can be set back. */
  const msToFull = (key: string, now: number): number =>
    Math.min(burst * refillMs, Math.max(0, (fullAt.get(key) ?? now) - now))
  const keep = (key: string, ms: number, now: number): void => {
    if (ms <= 0) {
      fullAt.delete(key)
      return
    }
    fullAt.set(key, now + ms)
    firstFullAt = Math.min(firstFullAt, now + ms)
  }

  return {
    take(key) {
      const now = clock()
      if (!fullAt.has(key) && fullAt.size >= keys) {
        removeFull(now)
        if (fullAt.size >= keys) return firstFullAt - now
      }
      const ms = msToFull(key, now)
      const waitMs = Math.max(0, ms - (burst - 1) * refillMs)
      keep(key, waitMs > 0 ? ms : ms + refillMs, now)
      return waitMs
    },
    giveBack(key) {
      const now = clock()
      keep(key, msToFull(key, now) - refillMs, now)
    },
  }
}
