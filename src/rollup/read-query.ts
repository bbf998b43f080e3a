// Cuts the spans of a question into what is stored: whole days, whole hours around them, and the rest.

import { HOUR_MS } from '../lib/units.ts'
import type { LabelledHours, LabelledSpan, ReadQuery } from './storage.ts'
import { coverOf, dayOfHour, type Hours, hoursOfDay, splitByDays } from './time.ts'

export type RollupQuery = Pick<ReadQuery, 'flow' | 'version' | 'parts' | 'uncompleted'> & {
  /** In order of time, without overlaps. Equal labels are added up. */
  readonly spans: readonly LabelledSpan[]
}

export function readQueryOf({ spans, ...query }: RollupQuery): ReadQuery {
  const covers = spans.map(({ label, ...span }) => ({ label, ...coverOf(span) }))
  const split = covers
    .filter(({ first, end }) => first < end)
    .map(({ label, first, end }) => ({ label, ...splitByDays({ first, end }) }))
  return {
    ...query,
    days: split.flatMap(({ label, days }) => (days.first < days.end ? [{ label, ...days }] : [])),
    hours: split.flatMap(({ label, hours }) => hours.map((each) => ({ label, ...each }))),
    rest: covers.flatMap(({ label, rest }) => rest.map((span) => ({ label, ...span }))),
  }
}

/** The whole hours of the question before yesterday (UTC); later ones change all the time. */
export function settledHours({ spans }: RollupQuery, now: number): Hours {
  const [first, last] = [spans[0]?.from ?? 0, spans.at(-1)?.until ?? 0]
  const yesterday = dayOfHour(Math.floor(now / HOUR_MS)) - 1
  return {
    first: Math.ceil(first / HOUR_MS),
    end: Math.min(Math.floor(last / HOUR_MS), hoursOfDay(yesterday).first),
  }
}

/** Of the whole days and hours, only those on the days that are wanted. */
export const onDays = (query: ReadQuery, isWanted: (day: number) => boolean): ReadQuery => ({
  ...query,
  days: query.days.flatMap((each) => piecesOf(each, (day) => day, isWanted)),
  hours: query.hours.flatMap((each) => piecesOf(each, dayOfHour, isWanted)),
})

function piecesOf(
  { label, first, end }: LabelledHours,
  dayOf: (at: number) => number,
  isWanted: (day: number) => boolean,
) {
  const pieces: LabelledHours[] = []
  for (let at = first; at < end; at++) if (isWanted(dayOf(at))) pieces.push({ label, first: at, end: at + 1 })
  return pieces
}
