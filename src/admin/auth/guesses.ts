// How often a password may be guessed: per address, and per name from wherever.

import { createThrottle } from '../../http/throttle.ts'
import type { Clock } from '../../lib/clock.ts'
import { nameKey } from './account.ts'

export type Guesses = {
  /** Takes one guess; milliseconds to wait when there is none left, else 0. */
  take(ip: string, name: string): number
  /** It was no guess: the password was right. */
  giveBack(ip: string, name: string): void
}

export function createGuesses(clock: Clock): Guesses {
  const byIp = createThrottle(LIMITS, clock)
  const byName = createThrottle(LIMITS, clock)
  return {
    take: (ip, name) => byIp.take(ip) || byName.take(nameKey(name)),
    giveBack(ip, name) {
      byIp.giveBack(ip)
      byName.giveBack(nameKey(name))
    },
  }
}

const LIMITS = { burst: 10, refillMs: 30_000, keys: 10_000 } as const
