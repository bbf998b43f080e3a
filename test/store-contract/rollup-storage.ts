// What the storage of rollups promises to processes that recompute at once, in the order of events that tells whether it keeps to it.

import { describe, expect, test } from 'bun:test'
import { DAY_MS, HOUR_MS } from '../../src/lib/units.ts'
import { decodeParts, encodeParts } from '../../src/rollup/encode-parts.ts'
import { NO_EVENTS } from '../../src/rollup/event-aggregate.ts'
import { EVENT_ROLLUPS } from '../../src/rollup/kinds.ts'
import type { StaleDay, StaleHour } from '../../src/rollup/storage.ts'
import { dayOfHour, hoursOfDay } from '../../src/rollup/time.ts'
import { eventOf, START } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { RULES } from './expected.ts'
import type { Kit } from './kit.ts'

const HOUR = Math.floor(START / HOUR_MS)
const DAY = dayOfHour(HOUR)
const FLOW = { flow: 'repair-booking' }
/** A rollup that is told from others by a number of events. */
const partsWith = (untracked: number) =>
  encodeParts(EVENT_ROLLUPS, { ...NO_EVENTS, untracked, requests: { '1': REQUESTS } })
const REQUESTS = { requests: 1, failed: 0, timedOut: 0, withErrors: {} }

export function rollupStorageContract({ name, withStore }: Kit): void {
  describe(`${name}: the storage of rollups`, () => {
    test.each([0, 1])(
      'keeps an hour of revision %d as the first wrote it who had found it, and tells the others so',
      (revision) =>
        withStore(async (store) => {
          const [found] = await staleHours(store)
          for (let written = 0; written < revision; written++) await commit(store, found, 6)
          const known = { ...(found as StaleHour), revision }
          expect(await commit(store, known, 7)).toEqual([true])
          expect(await commit(store, known, 8)).toEqual([false])
          expect(await read(store)).toEqual([7])
        })(),
    )

    test(
      'makes no day of hours that were written since they were read',
      withStore(async (store) => {
        const [found] = await staleHours(store)
        await commit(store, found, 7)
        const [day] = await store.rollups.events.staleDays(10)
        await commit(store, { ...(found as StaleHour), revision: 1 }, 8)
        await store.rollups.events.commitDay(day as StaleDay, partsWith(7))
        expect(await read(store)).toEqual([8])
        const [again] = await store.rollups.events.staleDays(10)
        await store.rollups.events.commitDay(again as StaleDay, partsWith(9))
        expect(await read(store)).toEqual([9])
      }),
    )

    test(
      'has another stamp after each writing of an hour, for the hours around it alone',
      withStore(async (store) => {
        const { events } = store.rollups
        const stamps = async () => [
          await events.stampOf(FLOW, hoursOfDay(DAY)),
          await events.stampOf({ ...FLOW, version: '1f3a5c7e' }, { first: HOUR, end: HOUR + 1 }),
          await events.stampOf(FLOW, hoursOfDay(DAY - 1)),
          await events.stampOf({ ...FLOW, version: 'another' }, hoursOfDay(DAY)),
          await events.stampOf({ flow: 'another' }, hoursOfDay(DAY)),
        ]
        const [found] = await staleHours(store)
        const before = await stamps()
        await commit(store, found, 7)
        const once = await stamps()
        await commit(store, { ...(found as StaleHour), revision: 1 }, 8)
        const twice = await stamps()
        for (const index of [0, 1]) expect(new Set([before, once, twice].map((each) => each[index])).size).toBe(3)
        for (const index of [2, 3, 4]) expect(new Set([before, once, twice].map((each) => each[index])).size).toBe(1)
      }),
    )
  })
}

/** Of an event, and of another a day later: the newest day is never written. */
async function staleHours(store: StoreWithRollups): Promise<readonly StaleHour[]> {
  await store.record([eventOf(), eventOf({ token: 'next day', at: START + DAY_MS })], RULES)
  const found = await store.rollups.events.staleHours(10)
  for (const later of found.filter(({ hour }) => hour !== HOUR)) await commit(store, later, 1)
  return found.filter(({ hour }) => hour === HOUR)
}

const commit = (store: StoreWithRollups, found: StaleHour | undefined, untracked: number) => {
  const { flow, version, hour, revision, marks } = found as StaleHour
  return store.rollups.events.commitHours([
    { flow, version, hour, revision: revision + 1, marks, parts: partsWith(untracked) },
  ])
}

/** Of the day, however it is kept. */
async function read(store: StoreWithRollups): Promise<number[]> {
  const found: number[] = []
  await store.rollups.events.read(
    { ...FLOW, parts: EVENT_ROLLUPS.parts, days: [{ label: '', first: DAY, end: DAY + 1 }], hours: [], rest: [] },
    {
      stored: ({ parts }) => found.push(EVENT_ROLLUPS.decode(decodeParts(EVENT_ROLLUPS, parts)).untracked),
      items: () => {},
      uncompleted: () => {},
    },
  )
  return found
}
