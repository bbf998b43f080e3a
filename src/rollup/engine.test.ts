import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { createMemoryStorage } from '../../test/memory-rollup-storage.ts'
import { HOUR_MS } from '../lib/units.ts'
import { createEngine } from './engine.ts'
import { aggregateEvents, type EventAggregate, mergeEventAggregates } from './event-aggregate.ts'
import { EVENT_ROLLUPS, type ReceivedEvent } from './kinds.ts'
import type { Reading } from './reader.ts'
import type { RollupStorage } from './storage.ts'

type Event = ReceivedEvent & { readonly flow: string }

const FLOW = 'repair-booking'
const begin = Math.floor(START / HOUR_MS) * HOUR_MS
/** Days after the events: most are settled. */
const NOW = begin + 5 * 24 * HOUR_MS
const event = (minutes: number, more: Partial<Event> = {}): Event => ({
  ...eventOf({ at: begin + minutes * 60_000 }),
  ...more,
})

const engineOver = (storage: RollupStorage<Event>, stopwatch = () => performance.now()) =>
  createEngine<Event, EventAggregate>({
    kind: EVENT_ROLLUPS,
    storage,
    clock: () => NOW,
    stopwatch,
    pause: () => Promise.resolve(),
  })

type Engine = ReturnType<typeof engineOver>

const refreshAll = async (engine: Engine) => {
  while (await engine.refresh());
}

const WHOLE: Reading<EventAggregate, EventAggregate> = {
  ...EVENT_ROLLUPS,
  name: 'whole',
  asOf: 0,
  of: (sum) => ({ sum, isFinal: true }),
}
const ask = async (engine: Engine, from: number, until: number): Promise<EventAggregate> => {
  const spans = [{ from, until, label: '' }]
  const { sums } = await engine.read({ flow: FLOW, spans, parts: EVENT_ROLLUPS.parts }, WHOLE)
  return mergeEventAggregates(sums.map(({ sum }) => sum))
}
const aggregateOf = (events: readonly Event[], from: number, until: number) =>
  mergeEventAggregates([aggregateEvents(events.filter(({ at }) => from <= at && at < until))])

test('answers are what the items add up to, whatever is recorded, refreshed and asked by two engines at once', async () => {
  const minute = fc.constantFrom(...[-2 * 1_440, -1_440, -59, -1, 0, 1, 2, 59, 60, 1_440])
  const step = fc.oneof(
    fc.record({ add: fc.array(fc.record({ minute, version: fc.constantFrom('v1', 'v2') }), { maxLength: 8 }) }),
    fc.record({ refresh: fc.constantFrom(0, 1) }),
    fc.record({ ask: fc.tuple(minute, minute) }),
    // Microtasks; the most lets everything under way end.
    fc.record({ wait: fc.constantFrom(1, 5, 20, 1_000) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { storage, add } = createMemoryStorage<Event>(EVENT_ROLLUPS)
      const engines = [engineOver(storage), engineOver(storage)] as const
      const all: Event[] = []
      const under: Promise<unknown>[] = []
      for (const each of steps) {
        if ('add' in each) {
          const events = each.add.map(({ minute, version }) => event(minute, { version }))
          all.push(...events)
          add(events)
        } else if ('wait' in each) for (let left = each.wait; left > 0; left--) await Promise.resolve()
        else if ('refresh' in each) under.push(engines[each.refresh as 0 | 1].refresh())
        else {
          const [from, until] = each.ask.toSorted((a, b) => a - b).map((at) => begin + at * 60_000) as [number, number]
          under.push(ask(engines[0], from, until))
        }
      }
      await Promise.all(under)
      await Promise.all(engines.map(refreshAll))
      const [from, until] = [begin - 3 * 24 * HOUR_MS - 7, begin + 3 * 24 * HOUR_MS + 61_000]
      for (const engine of engines) expect(await ask(engine, from, until)).toEqual(aggregateOf(all, from, until))
    }),
    { numRuns: 200 },
  )
})

test('only the minutes that have changed are read again', async () => {
  const { storage, add, clear } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const engine = engineOver(storage)
  add([0, 1, 2].map((minute) => event(minute)))
  await refreshAll(engine)
  clear()
  add([event(1)])
  expect((await ask(engine, begin, begin + HOUR_MS)).requestBytes).toEqual(
    aggregateEvents([0, 1, 2].map((minute) => event(minute))).requestBytes,
  )
})

test('recomputeAll has every hour read again, by every engine', async () => {
  const { storage, add, clear } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const [one, two] = [engineOver(storage), engineOver(storage)]
  add([0, 70, 140].map((minute) => event(minute)))
  await refreshAll(one)
  clear()
  await two.recomputeAll()
  await refreshAll(one)
  expect(await ask(two, begin, begin + 3 * HOUR_MS)).toEqual(aggregateOf([], 0, 0))
})

test('whoever goes through the turns of recomputeAll comes to an end, however much is recorded meanwhile', async () => {
  const { storage, add, clear, daysFresh } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const engine = engineOver(storage)
  add([-3, -2, -1, 0].map((day) => event(day * 1_440)))
  await refreshAll(engine)
  clear()
  add([event(-2 * 1_440)])
  let turns = 0
  for await (const _ of await engine.recomputeAll()) {
    turns++
    add([event(turns)])
  }
  expect(turns).toBeLessThan(20)
  expect(daysFresh()).toBe(3)
  const right = aggregateOf([event(-2 * 1_440)], begin - 4 * 24 * HOUR_MS, begin)
  expect(await ask(engineOver(storage), begin - 4 * 24 * HOUR_MS, begin)).toEqual(right)
})

test('what another engine wrote first is not taken for what this one has computed', async () => {
  const { storage, add } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const other = engineOver(storage)
  let isFirst = true
  const engine = engineOver({
    ...storage,
    async commitHours(hours) {
      if (isFirst) {
        isFirst = false
        add([event(1)])
        await refreshAll(other)
      }
      return storage.commitHours(hours)
    },
  })
  add([event(1)])
  await refreshAll(engine)
  add([event(2)])
  await refreshAll(engine)
  const all = [event(1), event(1), event(2)]
  expect(await ask(engine, begin, begin + HOUR_MS)).toEqual(aggregateOf(all, begin, begin + HOUR_MS))
})

test('days are compacted, but for the newest, and are stale again with a late item', async () => {
  const { storage, add, daysFresh } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const engine = engineOver(storage)
  add([-2, -1, 0].map((day) => event(day * 1_440)))
  await refreshAll(engine)
  expect(daysFresh()).toBe(2)
  add([event(-2 * 1_440 + 5)])
  await ask(engine, begin - 3 * 24 * HOUR_MS, begin)
  expect(daysFresh()).toBe(1)
  await refreshAll(engine)
  expect(daysFresh()).toBe(2)
})

test('an hour or a day that cannot be written keeps no other from its turn, and the call says why', async () => {
  const { storage, add, hoursWritten, daysFresh } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  let now = 0
  const failing: RollupStorage<Event> = {
    ...storage,
    async commitHours(hours) {
      if (hours.some(({ hour }) => hour === begin / HOUR_MS + 3)) throw new Error('no room for the hour')
      return storage.commitHours(hours)
    },
    async commitDay(day, parts) {
      if (day.day === Math.floor(begin / (24 * HOUR_MS)) - 5) throw new Error('no room for the day')
      return storage.commitDay(day, parts)
    },
  }
  // Each look at the clock finds the time up.
  const engine = engineOver(failing, () => (now += 1_000))
  add(Array.from({ length: 10 }, (_, hour) => event(hour * 60)))
  add(Array.from({ length: 7 }, (_, day) => event(-day * 1_440)))
  const messages = new Set<string>()
  for (let turn = 0; turn < 1_000; turn++) await engine.refresh().catch(({ message }) => void messages.add(message))
  expect([...messages].sort()).toEqual(['no room for the day', 'no room for the hour'])
  expect(hoursWritten()).toBe(15)
  expect(daysFresh()).toBe(5)
})

test('a question is answered from what is there when nothing can be recomputed', async () => {
  const { storage, add } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  let isBroken = false
  const engine = engineOver({
    ...storage,
    commitHours: async (hours) => {
      if (isBroken) throw new Error('no room')
      return storage.commitHours(hours)
    },
  })
  add([event(1)])
  await ask(engine, begin, begin + HOUR_MS)
  isBroken = true
  add([event(2)])
  expect(await ask(engine, begin, begin + HOUR_MS)).toEqual(aggregateOf([event(1)], begin, begin + HOUR_MS))
  await expect(engine.refresh()).rejects.toThrow('no room')
})
