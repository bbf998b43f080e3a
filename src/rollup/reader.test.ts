import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { createMemoryStorage } from '../../test/memory-rollup-storage.ts'
import { DAY_MS, HOUR_MS } from '../lib/units.ts'
import { total } from '../stats/counts.ts'
import { createEngine } from './engine.ts'
import type { EventAggregate } from './event-aggregate.ts'
import { EVENT_ROLLUPS, type ReceivedEvent } from './kinds.ts'
import type { Reading } from './reader.ts'
import { TIME_BUCKET_MS } from './session-aggregate.ts'
import type { RollupStorage } from './storage.ts'

type Event = ReceivedEvent & { readonly flow: string }

const FLOW = 'repair-booking'
const DAYS = 12
const begin = Math.floor(START / DAY_MS) * DAY_MS
/** Of the events. */
const end = begin + DAYS * DAY_MS
const eventAt = (at: number, version = 'v1'): Event => ({ ...eventOf({ at }), version })

/** How many of the events belong to time buckets that began before `asOf`: a rollup has its final count when all its buckets did. */
const startedBefore = (asOf: number): Reading<EventAggregate, EventAggregate> => ({
  ...EVENT_ROLLUPS,
  name: 'started',
  asOf,
  of(whole) {
    const isOver = (bucket: string) => Number(bucket) * TIME_BUCKET_MS < asOf
    const requests = Object.entries(whole.requests)
    return {
      sum: { ...whole, requests: Object.fromEntries(requests.filter(([bucket]) => isOver(bucket))) },
      isFinal: requests.every(([bucket]) => isOver(bucket)),
    }
  },
})

const engineOver = (storage: RollupStorage<Event>, clock: () => number) =>
  createEngine<Event, EventAggregate>({
    kind: EVENT_ROLLUPS,
    storage,
    clock,
    stopwatch: () => performance.now(),
    pause: () => Promise.resolve(),
  })

/** Labelled by the day, or by the hour of the day, or all as one. */
const SPANS = {
  day: () => spansOf(DAY_MS, (from) => from / DAY_MS),
  hour: () => spansOf(HOUR_MS, (from) => (from / HOUR_MS) % 24),
  all: () => [{ from: begin + HOUR_MS / 2, until: end, label: '' }],
}
const spansOf = (step: number, labelOf: (from: number) => number) =>
  Array.from({ length: (end - begin) / step }, (_, index) => begin + index * step).map((from) => {
    return { from, until: from + step, label: String(labelOf(from)) }
  })

/** Requests by label and version. */
async function ask(engine: ReturnType<typeof engineOver>, by: keyof typeof SPANS, asOf: number) {
  const { sums } = await engine.read(
    { flow: FLOW, spans: SPANS[by](), parts: EVENT_ROLLUPS.parts },
    startedBefore(asOf),
  )
  const counted = sums.map(({ label, version, sum }) => {
    return [`${label} ${version}`, total(Object.values(sum.requests).map(({ requests }) => requests))] as const
  })
  return Object.fromEntries(counted.filter(([, requests]) => requests > 0).sort())
}

function expected(events: readonly Event[], by: keyof typeof SPANS, asOf: number) {
  const counts: Record<string, number> = {}
  for (const { at, version } of events) {
    const span = SPANS[by]().find(({ from, until }) => from <= at && at < until)
    const key = `${span?.label} ${version}`
    if (span && Math.floor(at / TIME_BUCKET_MS) * TIME_BUCKET_MS < asOf) counts[key] = (counts[key] ?? 0) + 1
  }
  return Object.fromEntries(Object.entries(counts).sort())
}

const at = fc.integer({ min: 0, max: (end - begin) / 60_000 - 1 }).map((minute) => begin + minute * 60_000)
const step = fc.oneof(
  fc.record({
    add: fc.array(fc.record({ at, version: fc.constantFrom('v1', 'v2') }), { minLength: 1, maxLength: 20 }),
  }),
  fc.record({ refresh: fc.constantFrom(1, 3, 100) }),
  fc.record({ recompute: fc.constant(true) }),
  fc.record({ wait: fc.constantFrom(HOUR_MS, DAY_MS) }),
  fc.record({ ask: fc.constantFrom<keyof typeof SPANS>('day', 'hour', 'all') }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Another engine does the work, on the same storage. Of what is settled by the clock, much is final only as of later instants. */
function startWorld() {
  const { storage, add } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const all: Event[] = []
  let now = begin + 3 * DAY_MS
  const clock = () => end - DAY_MS
  const [engine, other] = [engineOver(storage, clock), engineOver(storage, clock)]
  return async (step: Step): Promise<void> => {
    if ('add' in step) {
      const events = step.add.map(({ at, version }) => eventAt(at, version))
      all.push(...events)
      add(events)
    } else if ('refresh' in step) for (let left = step.refresh; left > 0; left--) await other.refresh()
    else if ('recompute' in step) for await (const _ of await other.recomputeAll());
    else if ('wait' in step) now += step.wait
    else expect(await ask(engine, step.ask, now)).toEqual(expected(all, step.ask, now))
  }
}

test('answers are those of the items, whatever is remembered of settled days, and whoever changed them since', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const take = startWorld()
      for (const step of steps) await take(step)
    }),
    { numRuns: 40 },
  )
})

/** Counts the rollups that are read. */
function counting(storage: RollupStorage<Event>) {
  let read = 0
  const counted: RollupStorage<Event> = {
    ...storage,
    read: (query, sink) =>
      storage.read(query, {
        ...sink,
        stored(rollup) {
          read++
          sink.stored(rollup)
        },
      }),
  }
  return {
    storage: counted,
    /** Since the last call. */
    count() {
      const counted = read
      read = 0
      return counted
    },
  }
}

test('a long period that is asked for again is read from its last days, and from what was not final', async () => {
  const { storage, add } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const counted = counting(storage)
  const engine = engineOver(counted.storage, () => end)
  const events = Array.from({ length: DAYS * 24 }, (_, hour) => eventAt(begin + hour * HOUR_MS))
  add(events)
  while (await engine.refresh());
  const reads = async (asOf: number) => {
    expect(await ask(engine, 'hour', asOf)).toEqual(expected(events, 'hour', asOf))
    return counted.count()
  }
  // Eleven days are settled, and of the last of them an hour has not begun as of then, so that the day is read each time.
  const asOf = begin + 11 * DAY_MS - HOUR_MS
  expect([await reads(asOf), await reads(asOf)]).toEqual([12 * 24, 2 * 24])
  add([eventAt(begin + 2 * DAY_MS)])
  events.push(eventAt(begin + 2 * DAY_MS))
  expect([await reads(asOf), await reads(asOf)]).toEqual([12 * 24, 2 * 24])
  // As of an earlier instant, less is final.
  expect(await reads(asOf - DAY_MS)).toBe(12 * 24)
})

test('what was read hour by hour, and is one day since, is found all the same once it is final', async () => {
  const { storage, add, daysFresh } = createMemoryStorage<Event>(EVENT_ROLLUPS)
  const engine = engineOver(storage, () => end)
  const events = Array.from({ length: 5 * 24 }, (_, hour) => eventAt(begin + hour * HOUR_MS))
  add(events)
  const [before, after] = [begin + 2.5 * DAY_MS, begin + 3.5 * DAY_MS]
  expect(await ask(engine, 'all', before)).toEqual(expected(events, 'all', before))
  expect(daysFresh()).toBe(0)
  while (await engine.refresh());
  expect(daysFresh()).toBe(4)
  expect(await ask(engine, 'all', after)).toEqual(expected(events, 'all', after))
})
