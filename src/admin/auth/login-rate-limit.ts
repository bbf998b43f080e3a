// How often a password may be guessed. Whoever guesses must not be able to keep the owner out.

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

export type LoginRateLimit = {
  /** Takes one guess; milliseconds to wait when there is none left, else 0. */
  take(guess: LoginAttempt): number
  /** It was no guess: the password was right, or was not looked at. */
  giveBack(guess: LoginAttempt): void
}

export function createLoginRateLimit(clock: Clock): LoginRateLimit {
  const byDevice = createRateLimit(ATTEMPT_LIMITS.device, clock)
  const byAddressAndName = createRateLimit(ATTEMPT_LIMITS.addressAndName, clock)
  const byAddress = createRateLimit(ATTEMPT_LIMITS.address, clock)
  const byName = createRateLimit(ATTEMPT_LIMITS.name, clock)

  /** A known browser has its own; it shares none with strangers. */
  const bucketsOf = ({ address, name, device }: LoginAttempt): readonly Bucket[] => {
    const of = nameKey(name)
    if (device !== undefined) return [[byDevice, sha256(`${device}\n${of}`)]]
    const network = networkOf(address)
    // Hashed, because people type passwords into the name's field, and because a key then takes no more than a hash.
    return [
      [byAddressAndName, sha256(`${network}\n${of}`)],
      [byAddress, network],
      [byName, sha256(of)],
    ]
  }

  const giveBackTo = (buckets: readonly Bucket[]) => {
    for (const [throttle, key] of buckets) throttle.giveBack(key)
  }

  return {
    take(guess) {
      const buckets = bucketsOf(guess)
      for (const [index, [throttle, key]] of buckets.entries()) {
        const waitMs = throttle.take(key)
        if (waitMs === 0) continue
        // What is refused here uses nothing up elsewhere: one address cannot empty the bucket of the name.
        giveBackTo(buckets.slice(0, index))
        return waitMs
      }
      return 0
    },
    giveBack: (guess) => giveBackTo(bucketsOf(guess)),
  }
}

type Bucket = readonly [RateLimit, string]

const KEYS = 10_000

const ATTEMPT_LIMITS = {
  device: { burst: 10, refillMs: MINUTE_MS / 2, keys: KEYS },
  addressAndName: { burst: 10, refillMs: MINUTE_MS / 2, keys: KEYS },
  /** Several people behind one address, and one who tries made-up names. */
  address: { burst: 30, refillMs: MINUTE_MS / 6, keys: KEYS },
  /** Guesses from many addresses. They slow down the owner too, but only in a browser that is new. */
  name: { burst: 100, refillMs: MINUTE_MS / 2, keys: KEYS },
} as const
