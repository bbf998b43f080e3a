import { expect, test } from 'bun:test'
import { eventOf } from '../../test/arbitrary-events.ts'
import type { EventAggregate } from './event-aggregate.ts'
import { createHourCache } from './hour-cache.ts'
import { EVENT_ROLLUPS, type ReceivedEvent } from './kinds.ts'
import { startPartialHour } from './partial-hour.ts'

const EVENT = eventOf()

const hourOf = (count: number) => {
  const partial = startPartialHour<ReceivedEvent, EventAggregate>(EVENT_ROLLUPS, 0)
  partial.set(0, Array<ReceivedEvent>(count).fill(EVENT), '')
  return partial
}

test.each([
  ['a hundred hours with little in them', 100, 50, 100],
  ['ten hours that are not quite large', 100, 1_900, 10],
  ['25 large ones, of which only the sums are kept', 100, 2_100, 25],
])('remembers %s', (_, hours, count, kept) => {
  const remembered = createHourCache<ReceivedEvent, EventAggregate>()
  for (let hour = 0; hour < hours; hour++) remembered.set(String(hour), { partial: hourOf(count), revision: 1 })
  expect(remembered.size).toBe(kept)
  expect(remembered.has(String(hours - 1))).toBe(true)
})
