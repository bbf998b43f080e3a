// Cuts time into minutes, hours and days for rollups. All are those of UTC, numbered since 1970.

import { HOUR_MS, MINUTE_MS } from '../lib/units.ts'

/** In an hour. */
export const MINUTES = HOUR_MS / MINUTE_MS

export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS)
export const hourOfMinute = (minute: number): number => Math.floor(minute / MINUTES)
export const firstMinuteOf = (hour: number): number => hour * MINUTES

export type Span = { readonly from: number; readonly until: number }

/** The span of the instant, if any; `spans` in order, without overlaps. */
export function spanAt<S extends Span>(spans: readonly S[], at: number): S | undefined {
  let [low, high] = [0, spans.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle] as S).until <= at) low = middle + 1
    else high = middle
  }
  const span = spans[low]
  return span && span.from <= at ? span : undefined
}

/** The whole hours in a span (from `first` up to, but without, `end`), and what is left of it before and after them. */
export function coverOf({ from, until }: Span): { first: number; end: number; rest: Span[] } {
  const first = Math.ceil(from / HOUR_MS)
  const end = Math.floor(until / HOUR_MS)
  if (first >= end) return { first, end: first, rest: from < until ? [{ from, until }] : [] }
  const rest = [
    { from, until: first * HOUR_MS },
    { from: end * HOUR_MS, until },
  ]
  return { first, end, rest: rest.filter((span) => span.from < span.until) }
}

const HOURS = 24

/** Days of UTC; a query in another time zone has some more hours at either end. */
export const dayOfHour = (hour: number): number => Math.floor(hour / HOURS)
export const hoursOfDay = (day: number): Hours => ({ first: day * HOURS, end: (day + 1) * HOURS })

/** From `first` up to, but without, `end`. */
export type Hours = { readonly first: number; readonly end: number }
export const oneHour = (hour: number): Hours => ({ first: hour, end: hour + 1 })

/** The whole days among these hours, and the hours before and after them. */
export function splitByDays({ first, end }: Hours): { days: Hours; hours: Hours[] } {
  const days = { first: Math.ceil(first / HOURS), end: Math.floor(end / HOURS) }
  if (days.first >= days.end) return { days: { first: 0, end: 0 }, hours: [{ first, end }] }
  const hours = [
    { first, end: days.first * HOURS },
    { first: days.end * HOURS, end },
  ]
  return { days, hours: hours.filter((each) => each.first < each.end) }
}

/** What follows one another, in runs without a gap. */
export function withoutGaps<T>(all: readonly T[], follows: (next: T, last: T) => boolean): T[][] {
  const runs: T[][] = []
  for (const each of all) {
    const run = runs.at(-1)
    if (run && follows(each, run.at(-1) as T)) run.push(each)
    else runs.push([each])
  }
  return runs
}

/** Runs of minutes without a gap. */
export const runsOf = (minutes: readonly number[]): Span[] =>
  withoutGaps(minutes, (next, last) => next === last + 1).map((run) => ({
    from: run[0] as number,
    until: (run.at(-1) as number) + 1,
  }))

/** One minute of a flow and version. */
export type FlowMinute<Name = string> = { readonly flow: Name; readonly version: Name; readonly minute: number }

/** The minutes of these moments, each once. */
export function minutesOf<Name>(
  moments: readonly { readonly flow: Name; readonly version: Name; readonly at: number }[],
): FlowMinute<Name>[] {
  const minutes = moments.map(({ flow, version, at }) => ({ flow, version, minute: minuteOf(at) }))
  return [...new Map(minutes.map((minute) => [JSON.stringify(Object.values(minute)), minute])).values()]
}

/** Some hour of a flow and version. */
export type FlowHour<Name = string> = { readonly flow: Name; readonly version: Name; readonly hour: number }

/** One minute of each hour: an engine that has not cached an hour reads it whole for any stale minute. */
export const firstMinutes = <Name>(hours: Iterable<FlowHour<Name>>): FlowMinute<Name>[] =>
  [...hours].map(({ flow, version, hour }) => ({ flow, version, minute: firstMinuteOf(hour) }))
