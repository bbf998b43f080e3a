// Limits how often people can guess passwords. Guesses by strangers must not lock the owner out.

import { networkOf } from '../../http/client-network.ts'
import { createRateLimit, type RateLimit } from '../../http/rate-limit.ts'
import type { Clock } from '../../lib/clock.ts'
import { sha256 } from '../../lib/ids.ts'
import { MINUTE_MS } from '../../lib/units.ts'
import { nameKey } from './accounts.ts'

export type LoginAttempt = {
  readonly address: string
  readonly name: string
  /** The id of a browser that has logged in to this account before. */
  readonly device?: string | undefined
}

export type LoginRateLimit = ReturnType<typeof createLoginRateLimit>

export function createLoginRateLimit(clock: Clock) {
  const byDevice = createRateLimit(ATTEMPT_LIMITS.device, clock)
  const byAddressAndName = createRateLimit(ATTEMPT_LIMITS.addressAndName, clock)
  const byAddress = createRateLimit(ATTEMPT_LIMITS.address, clock)
  const byName = createRateLimit(ATTEMPT_LIMITS.name, clock)

  /** A known browser has a bucket of its own, which strangers cannot use up. */
  const bucketsOf = ({ address, name, device }: LoginAttempt): readonly Bucket[] => {
    const key = nameKey(name)
    if (device !== undefined) return [[byDevice, sha256(`${device}\n${key}`)]]
    const network = networkOf(address)
    // Hashed, because people type passwords into the name field, and to bound the length of a key.
    return [
      [byAddressAndName, sha256(`${network}\n${key}`)],
      [byAddress, network],
      [byName, sha256(key)],
    ]
  }

  const giveBackTo = (buckets: readonly Bucket[]) => {
    for (const [rateLimit, key] of buckets) rateLimit.giveBack(key)
  }

  return {
    /** Uses up one attempt. Returns milliseconds to wait if none is left, else 0. */
    take(attempt: LoginAttempt): number {
      const buckets = bucketsOf(attempt)
      for (const [index, [rateLimit, key]] of buckets.entries()) {
        const waitMs = rateLimit.take(key)
        if (waitMs === 0) continue
        // A refused attempt uses up nothing, so that one address cannot empty the bucket of the name.
        giveBackTo(buckets.slice(0, index))
        return waitMs
      }
      return 0
    },
    /** Gives the attempt back, because the password was right or was not checked. */
    giveBack: (attempt: LoginAttempt) => giveBackTo(bucketsOf(attempt)),
  }
}

type Bucket = readonly [RateLimit, string]

const MAX_KEYS = 10_000

const ATTEMPT_LIMITS = {
  device: { burst: 10, refillMs: MINUTE_MS / 2, keys: MAX_KEYS },
  addressAndName: { burst: 10, refillMs: MINUTE_MS / 2, keys: MAX_KEYS },
  /** Allows for several people behind one address; stops one person who tries many names. */
  address: { burst: 30, refillMs: MINUTE_MS / 6, keys: MAX_KEYS },
  /** Stops guesses from many addresses. They delay the owner too, but only in an unknown browser. */
  name: { burst: 100, refillMs: MINUTE_MS / 2, keys: MAX_KEYS },
} as const
