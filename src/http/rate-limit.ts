import { LRUCache } from 'lru-cache'
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
  /** Buckets kept; the least recently used go first. */
  readonly keys: number
}

/** A token bucket per key. */
export function createRateLimit({ burst, refillMs, keys }: Limits, clock: Clock): RateLimit {
  const buckets = new LRUCache<string, { readonly tokens: number; readonly at: number }>({ max: keys })

  const tokensOf = (key: string, now: number): number => {
    const bucket = buckets.get(key)
    return bucket ? Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / refillMs) : burst
  }

  return {
    take(key) {
      const now = clock()
      const tokens = tokensOf(key, now)
      const isAllowed = tokens >= 1
      buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at: now })
      return isAllowed ? 0 : Math.ceil((1 - tokens) * refillMs)
    },
    giveBack(key) {
      const now = clock()
      buckets.set(key, { tokens: Math.min(burst, tokensOf(key, now) + 1), at: now })
    },
  }
}
