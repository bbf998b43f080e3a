import { type Check, ok, problem } from './check.ts'

export function checkClock(now: number): Check {
  const year = new Date(now).getUTCFullYear()
  if (year >= FIRST_YEAR && year < FIRST_YEAR + 50) return ok('clock', new Date(now).toISOString())
  return problem('clock', `it is the year ${year} here`, 'set the clock of this machine, or let NTP set it')
}

/** Of this program. */
const FIRST_YEAR = 2026
