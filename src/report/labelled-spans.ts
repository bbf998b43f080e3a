// Cuts a period into spans. The label of a span is JSON: what the sessions that began in it have in common.

import { clockOf, dayBounds, dayOf, daysFrom, weekdayOf } from '../lib/days.ts'
import { HOUR_MS } from '../lib/units.ts'
import type { StatisticsQuery } from '../rollup/rollups.ts'
import type { Period } from './period.ts'

export type LabelledSpan = StatisticsQuery['spans'][number]

/** One span; its label is `null`. */
export const wholeOf = ({ startsAt, endsAt }: Period): LabelledSpan[] => [
  { from: startsAt, until: endsAt, label: 'null' },
]

/** Labelled by the day. */
export const byDay = (period: Period): LabelledSpan[] =>
  daysOf(period).map(({ day, from, until }) => ({ from, until, label: JSON.stringify(day) }))

/** Labelled by the weekday; Monday is 1. */
export const byWeekday = (period: Period): LabelledSpan[] =>
  daysOf(period).map(({ day, from, until }) => ({ from, until, label: JSON.stringify(weekdayOf(day)) }))

/** Labelled by the hour, as `hourOf` names it. */
export const byHour = (period: Period): LabelledSpan[] =>
  hoursOf(period).map(({ hour, ...span }) => labelled(span, hour))

/** Labelled by the weekday and the hour: `[1,9]`. */
export const byWeekdayAndHour = (period: Period): LabelledSpan[] =>
  hoursOf(period).map(({ weekday, hour, ...span }) => labelled(span, [weekday, hour]))

/** An hour, or the part of one that belongs to the day. `clock`: what clocks show when it begins, hours since midnight. */
export type ClockHour = Pick<LabelledSpan, 'from' | 'until'> & { readonly day: string; readonly clock: number }

export const clockHoursOf = (period: Period): ClockHour[] =>
  hoursOf(period).map(({ from, until, day, clock }) => ({ from, until, day, clock }))

/**
 * The hour of the day that an instant counts for, named by its beginning: 9, or 9.5 where clocks differ from UTC by half an hour.
 * Hours begin when hours of UTC do, like those of rollups; only their names are local.
 */
export const hourOf = (at: number, timezone: string): number => clockOf(Math.floor(at / HOUR_MS) * HOUR_MS, timezone)

export const weekdayAt = (at: number, timezone: string): number => weekdayOf(dayOf(at, timezone))

type SpanDay = { readonly day: string; readonly from: number; readonly until: number }

function daysOf({ from, until, timezone }: Period): SpanDay[] {
  return daysFrom(from, until).flatMap((day) => {
    const bounds = dayBounds(day, timezone)
    return bounds ? [{ day, ...bounds }] : []
  })
}

/** Cuts days where hours of UTC begin. */
function hoursOf(period: Period) {
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
      hour: clockAt(Math.floor(start / HOUR_MS) * HOUR_MS),
    }))
  })
}

/** Like `clockOf`, but fast on the days that have 24 plain hours, which are most: a month has hundreds of hours. */
const clockOn = ({ from, until }: SpanDay, timezone: string) => {
  const isPlain = until - from === 24 * HOUR_MS
  return (at: number): number => (isPlain && at >= from ? (at - from) / HOUR_MS : clockOf(at, timezone))
}

const labelled = ({ from, until }: Pick<LabelledSpan, 'from' | 'until'>, value: unknown): LabelledSpan => ({
  from,
  until,
  label: JSON.stringify(value),
})
