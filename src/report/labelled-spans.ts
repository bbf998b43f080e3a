// Cuts a period into spans. The label of a span is JSON: what the sessions that began in it have in common.

import { clockOf, dayBounds, dayOf, daysFrom, weekdayOf } from '../lib/days.ts'
import { HOUR_MS } from '../lib/units.ts'
import type { LabelledSpan } from '../rollup/storage.ts'
import type { Span } from '../rollup/time.ts'
import type { Period } from './period.ts'

/** One span; its label is `null`. */
export const wholeOf = ({ startsAt, endsAt }: Period): LabelledSpan[] => [
  labelled({ from: startsAt, until: endsAt }, null),
]

/** Labelled by the day. */
export const byDay = (period: Period): LabelledSpan[] => daysOf(period).map((date) => labelled(date, date.day))

/** The day of such a label. */
export const dayIn = (label: string): string => JSON.parse(label) as string

/** Labelled by the weekday; Monday is 1. */
export const byWeekday = (period: Period): LabelledSpan[] =>
  daysOf(period).map((date) => labelled(date, weekdayOf(date.day)))

/** Labelled by the hour, as `hourOf` names it. */
export const byHour = (period: Period): LabelledSpan[] => hoursOf(period).map((each) => labelled(each, each.clock))

/** Labelled by the weekday and the hour: `[1,9]`. */
export const byWeekdayAndHour = (period: Period): LabelledSpan[] =>
  hoursOf(period).map((each) => labelled(each, [each.weekday, each.clock]))

/**
 * The hour of the day that an instant counts for, named by what clocks show when it begins: 9, or 9.5 where they differ from UTC by half
 * an hour. Hours begin when hours of UTC do, like those of rollups, and when the day does: there 0 is from 00:00 to 00:30, and 23.5 from
 * 23:30 to 24:00.
 */
export function hourOf(at: number, timezone: string): number {
  const midnight = dayBounds(dayOf(at, timezone), timezone)?.from ?? 0
  return clockOf(Math.max(midnight, Math.floor(at / HOUR_MS) * HOUR_MS), timezone)
}

export const weekdayAt = (at: number, timezone: string): number => weekdayOf(dayOf(at, timezone))

type SpanDay = Span & { readonly day: string }

function daysOf({ from, until, timezone }: Period): SpanDay[] {
  return daysFrom(from, until).flatMap((day) => {
    const bounds = dayBounds(day, timezone)
    return bounds ? [{ day, ...bounds }] : []
  })
}

/**
 * Hours, or the parts of them that belong to the day, which is cut where hours of UTC begin. `clock`: what clocks show when it begins,
 * hours since midnight.
 */
export function hoursOf(period: Period) {
  return daysOf(period).flatMap((date) => {
    const { day, from, until } = date
    const clockAt = clockOn(date, period.timezone)
    const starts = [from]
    for (let at = (Math.floor(from / HOUR_MS) + 1) * HOUR_MS; at < until; at += HOUR_MS) starts.push(at)
    const weekday = weekdayOf(day)
    return starts.map((start, index) => ({
      from: start,
      until: starts[index + 1] ?? until,
      day,
      weekday,
      clock: clockAt(start),
    }))
  })
}

/** Like `clockOf`, but fast on days of 24 hours, which most are: a month has hundreds of hours. */
const clockOn = ({ from, until }: SpanDay, timezone: string) => {
  const isPlain = until - from === 24 * HOUR_MS
  return (at: number): number => (isPlain ? (at - from) / HOUR_MS : clockOf(at, timezone))
}

const labelled = ({ from, until }: Span, label: unknown): LabelledSpan => ({
  from,
  until,
  label: JSON.stringify(label),
})
