import { describe, expect, test } from 'bun:test'
import { clockOf, dayOf, daysFrom, weekdayOf } from '../lib/days.ts'
import { arrivalsOn } from './arrivals.ts'
import { seededRandom } from './random.ts'

const DAYS = daysFrom('2026-03-09', '2026-04-05')
const arrivals = (timezone: string, seed = 'a') =>
  arrivalsOn({ days: DAYS, timezone, people: 2_000, random: seededRandom(seed) })

describe.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('people in %s', (timezone) => {
  const instants = arrivals(timezone)
  const perHour = (isMeant: (clock: number, day: string) => boolean, hours: number) =>
    instants.filter((at) => isMeant(clockOf(at, timezone), dayOf(at, timezone))).length / hours

  test('come one after the other, as many as there are, on all days and no others', () => {
    expect(instants).toHaveLength(2_000)
    expect(instants.toSorted((a, b) => a - b)).toEqual(instants)
    expect([...new Set(instants.map((at) => dayOf(at, timezone)))]).toEqual(DAYS)
  })

  test('come in the evening rather than at noon, and rather at noon than at night', () => {
    const night = perHour((clock) => clock < 5, 5)
    const noon = perHour((clock) => clock >= 11 && clock < 14, 3)
    const evening = perHour((clock) => clock >= 18 && clock < 21, 3)
    expect(night).toBeLessThan(noon / 4)
    expect(noon).toBeLessThan(evening / 1.5)
  })

  test('come on Mondays more than on other days, and least on weekends', () => {
    const [mondays, midweek, weekends] = [[1], [2, 3, 4, 5], [6, 7]].map(
      (weekdays) => perHour((_, day) => weekdays.includes(weekdayOf(day)), 1) / weekdays.length,
    ) as [number, number, number]
    expect(mondays).toBeGreaterThan(midweek * 1.2)
    expect(weekends).toBeLessThan(midweek * 0.9)
  })
})

test('the same seed gives the same times, another gives others', () => {
  expect(arrivals('UTC')).toEqual(arrivals('UTC'))
  expect(arrivals('UTC', 'b')).not.toEqual(arrivals('UTC'))
})

test('a few people come now and then', () => {
  const few = arrivalsOn({ days: DAYS, timezone: 'UTC', people: 3, random: seededRandom('a') })
  expect(new Set(few.map((at) => dayOf(at, 'UTC'))).size).toBe(3)
})
