// Days, weekdays and hours as the clocks of a time zone show them.

import { HOUR_MS } from './units.ts'

/** The instant a day (`2026-11-22`) begins there, and the one it ends; undefined when there is no such day. */
export function dayBounds(
  day: string,
  timezone: string,
): { readonly from: number; readonly until: number } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  try {
    const date = Temporal.PlainDate.from(day)
    const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(timezone).epochMilliseconds
    return { from: startOf(date), until: startOf(date.add({ days: 1 })) }
  } catch {
    return undefined
  }
}

/** The day of an instant there, as `2026-11-22`. */
export const dayOf = (at: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate().toString()

/** The day this many days later; earlier if negative. */
export const dayPlus = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString()

/** All days from one to another, both included. */
export const daysFrom = (first: string, last: string): string[] =>
  Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => dayPlus(first, index))

/** The number of days from one to the other. */
export const daysBetween = (from: string, until: string): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(until), { largestUnit: 'days' }).days

/** The instant at which clocks there show this many hours since midnight. */
export const instantAt = (day: string, hours: number, timezone: string): number =>
  Temporal.PlainDate.from(day)
    .toPlainDateTime()
    .add({ milliseconds: Math.round(hours * HOUR_MS) })
    .toZonedDateTime(timezone).epochMilliseconds

/** Monday is 1. */
export const weekdayOf = (day: string): number => Temporal.PlainDate.from(day).dayOfWeek

/** The local time of an instant, in hours since midnight: 9.5 is half past nine. */
export function clockOf(at: number, timezone: string): number {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
  return hour + minute / 60
}

/** Hours since midnight as a clock shows them: 9.5 is 09:30, and 24 is 00:00 again. */
export function clockText(hours: number): string {
  const minutes = Math.round((hours % 1) * 60)
  return `${String(Math.floor(hours) % 24).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/** Days of a time zone, both included. */
export type DayRange = { readonly from: string; readonly until: string; readonly timezone: string }

/**
 * The hour of a day in clocks: `09:30` and `10:30`. Hours begin when hours of UTC do, and midnight cuts the one it falls into: in Kolkata
 * 0 is `00:00` and `00:30`, and 23.5 is `23:30` and `00:00`.
 */
export const hourEnds = (hour: number, days: DayRange): readonly [from: string, until: string] => [
  clockText(hour),
  clockText(hour === 0 ? firstHourOf(days) : Math.min(hour + 1, 24)),
]

/** How long the hour from midnight is; on Lord Howe Island, whose clocks change by half an hour, the longest of these days. */
function firstHourOf({ from, until, timezone }: DayRange): number {
  const midnightOf = (day: string) => Temporal.PlainDate.from(day).toZonedDateTime(timezone)
  const last = midnightOf(until).epochMilliseconds
  let clocks: Temporal.ZonedDateTime | null = midnightOf(from)
  let longest = 0
  do {
    const past = (clocks.offsetNanoseconds / 1e6) % HOUR_MS
    longest = Math.max(longest, past > 0 ? past : HOUR_MS + past)
    clocks = clocks.getTimeZoneTransition('next')
  } while (clocks !== null && clocks.epochMilliseconds <= last)
  return longest / HOUR_MS
}
