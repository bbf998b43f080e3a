import { LRUCache } from 'lru-cache'
import type { Clock } from '../lib/clock.ts'

export type RateLimit = {
  /** Takes one try; milliseconds to wait when none is left, else 0. */
  take(key: string): number
  /** Hands a try back: it turned out to be no guess. */
  giveBack(key: string): void
}

type Limits = {
  /** Tries at once. */
  readonly burst: number
  /** One more try each so many milliseconds. */
  readonly refillMs: number
  /** Keys remembered; the least recently used are forgotten first. */
  readonly keys: number
}

/** A bucket of tries per key, filled up again with time. */
export function createRateLimit({ burst, refillMs, keys }: Limits, clock: Clock): RateLimit {
  const buckets = new LRUCache<string, { readonly tries: number; readonly at: number }>({ max: keys })

  const triesOf = (key: string, now: number): number => {
    const bucket = buckets.get(key)
    return bucket ? Math.min(burst, bucket.tries + Math.max(0, now - bucket.at) / refillMs) : burst
  }

  return {
    take(key) {
      const now = clock()
      const tries = triesOf(key, now)
      const isAllowed = tries >= 1
      buckets.set(key, { tries: isAllowed ? tries - 1 : tries, at: now })
      return isAllowed ? 0 : Math.ceil((1 - tries) * refillMs)
    },
    giveBack(key) {
      const now = clock()
      buckets.set(key, { tries: Math.min(burst, triesOf(key, now) + 1), at: now })
    },
  }
}
