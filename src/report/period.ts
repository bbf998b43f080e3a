// The time that a question is about: whole days by the clocks of the config's time zone.

import { dayBounds, dayOf, dayPlus, daysBetween } from '../lib/days.ts'
import { badParameter, type ReportResult, reported } from './result.ts'
import type { Period } from './shapes.ts'

export type { Period } from './shapes.ts'

/** Days as `2026-11-22`, both included. Without `until` it is today; without `from` there are `DEFAULT_DAYS` of them. */
export type Days = { readonly from?: string | undefined; readonly until?: string | undefined }

/** Whole weeks, so that a comparison has the same weekdays on both sides. */
export const DEFAULT_DAYS = 28
/** Longer periods need several questions. */
export const LONGEST_DAYS = 400

export function periodOf(asked: Days, timezone: string, now: number): ReportResult<Period> {
  const until = asked.until ?? dayOf(now, timezone)
  const from = asked.from ?? dayPlus(until, 1 - DEFAULT_DAYS)
  const days = daysBetween(from, until) + 1
  if (days < 1) return reversed(from, until)
  if (days > LONGEST_DAYS)
    return badParameter(`\`from\` ${from} to \`until\` ${until} are ${days} days; expected ${LONGEST_DAYS} at most`)
  return reported(fromDayToDay(from, until, timezone))
}

export const reversed = (from: string, until: string) =>
  badParameter(`\`from\` is ${from} and \`until\` is ${until}; expected \`from\` to be that day or before`)

/** The same number of days right before. */
export function periodBefore({ from, until, timezone }: Period): Period {
  const days = daysBetween(from, until) + 1
  return fromDayToDay(dayPlus(from, -days), dayPlus(from, -1), timezone)
}

const fromDayToDay = (from: string, until: string, timezone: string): Period => ({
  from,
  until,
  timezone,
  startsAt: dayBounds(from, timezone)?.from ?? 0,
  endsAt: dayBounds(until, timezone)?.until ?? 0,
})
