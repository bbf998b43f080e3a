// When people come to a business for households: few at night, most in the evening, fewer on weekends, and then earlier.

import { instantAt, weekdayOf } from '../lib/days.ts'
import type { Random } from './random.ts'

export type ArrivalsOptions = {
  readonly days: readonly string[]
  readonly timezone: string
  /** How many people come on these days altogether. */
  readonly people: number
  readonly random: Random
}

/** The instants at which they come, in order. */
export function arrivalsOn({ days, timezone, people, random }: ArrivalsOptions): number[] {
  const hours = days.flatMap((day) => {
    const weekday = weekdayOf(day)
    const busyness = (BY_WEEKDAY[weekday - 1] as number) * (1 + DAYS_DIFFER * (2 * random() - 1))
    const byHour = weekday < SATURDAY ? WORKDAY : WEEKEND
    return byHour.map((weight, hour) => ({ day, hour, weight: weight * busyness }))
  })
  const total = hours.reduce((sum, { weight }) => sum + weight, 0)
  let passed = 0
  let met = 0
  const arrivals = hours.flatMap(({ day, hour, weight }) => {
    passed += weight
    const due = Math.round((passed / total) * people) - met
    met += due
    return Array.from({ length: due }, () => instantAt(day, hour + random(), timezone))
  })
  return arrivals.sort((one, other) => one - other)
}

const SATURDAY = 6
/** From Monday, when people call about what broke on the weekend. */
const BY_WEEKDAY = [1.5, 1.1, 1, 1, 1, 0.8, 0.6]
/** No Monday is like the next: by up to this share more or fewer people come. */
const DAYS_DIFFER = 0.15
/** By hour, from midnight. */
const WORKDAY = [2, 1, 1, 1, 1, 2, 6, 10, 12, 11, 10, 9, 10, 9, 8, 9, 10, 14, 28, 30, 26, 13, 7, 4]
const WEEKEND = [3, 2, 1, 1, 1, 1, 2, 4, 7, 11, 14, 15, 14, 12, 11, 11, 12, 13, 14, 14, 12, 9, 6, 4]
