import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { sha256 } from '../../src/lib/ids.ts'
import { aggregateEvents, eventPartsOnly, requestsByHour } from '../../src/rollup/event-aggregate.ts'
import type { EventAggregateQuery, EventDetail, LabelledEventAggregate } from '../../src/rollup/rollups.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import { until } from '../until.ts'
import { HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'
import { HOURS, labelled, refreshAll, spans, stretch, stretched, stretchedSpans } from './session-rollups.ts'

export function eventRollupContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: traffic`, () => {
    test(
      'is what plain code adds up, in any batches, late or again, for any spans of time and at any moment',
      forAll(
        fc.tuple(anyEvents, fc.array(query, { minLength: 5 }), stretch, fc.nat({ max: 20 }), fc.boolean()),
        async (store, [drawn, asked, by, late, isAnew]) => {
          const events = drawn.map((event) => ({ ...event, at: stretched(event.at, by) }))
          const queries = asked.map((each) => ({ ...each, spans: stretchedSpans(each.spans, by) }))
          for (let at = late; at < events.length; at += 7) {
            await store.record(events.slice(at, at + 7), RULES)
            if (at % 2) await refreshAll(store)
          }
          const [first] = queries as [EventAggregateQuery]
          expect(sortedAggregates(await store.eventAggregates(first))).toEqual(
            expectedAggregates(events.slice(late), first),
          )
          await refreshAll(store)
          await store.record(events.slice(0, late + 7), RULES)
          if (isAnew) await store.recomputeAll()
          expect((await refreshAll(store)).isStale).toBe(false)
          for (const query of queries)
            expect(sortedAggregates(await store.eventAggregates(query))).toEqual(expectedAggregates(events, query))
        },
        RUNS,
      ),
      120_000,
    )

    test(
      'of an hour whose events are gone is nothing, once all are made anew',
      withStore(async (store, _, removeEvents) => {
        const [gone, kept] = [eventOf(), eventOf({ at: START + 3 * HOUR })]
        await store.record([gone, kept], RULES)
        await refreshAll(store)
        await removeEvents([gone])
        await store.recomputeAll()
        await refreshAll(store)
        expect(sortedAggregates(await store.eventAggregates(ALL_EVENTS))).toEqual(
          expectedAggregates([kept], ALL_EVENTS),
        )
      }),
    )

    test(
      'of a busy hour is that of its minutes, brought up to date again and again',
      withStore(async (store) => {
        const events = Array.from({ length: 2_600 }, (_, index) => busy(index))
        const halves = [0, 0.5, 1, 1.5].map((hours) => ({
          from: HOURS + hours * HOUR,
          until: HOURS + (hours + 0.5) * HOUR,
          label: String(hours),
        }))
        for (const [from, until] of [
          [0, 2_400],
          [2_400, 2_500],
          [2_450, 2_600],
        ]) {
          await store.record(events.slice(from, until), RULES)
          await refreshAll(store)
          for (const query of [ALL_EVENTS, { ...ALL_EVENTS, spans: halves }])
            expect(sortedAggregates(await store.eventAggregates(query))).toEqual(
              expectedAggregates(events.slice(0, until), query),
            )
        }
      }),
      120_000,
    )

    test(
      'of a busy hour has what came in many small batches just now',
      withStore(async (store) => {
        const events = Array.from({ length: 2_400 }, (_, index) => ({ ...busy(index), at: HOURS + index * 1_000 }))
        await store.record(events, RULES)
        await refreshAll(store)
        const late = Array.from({ length: 40 }, (_, minute) =>
          eventOf({ id: sha256(`late ${minute}`), token: 'unused', at: HOURS + minute * 60_000 }),
        )
        for (const event of late) await store.record([event], RULES)
        const right = expectedAggregates([...events, ...late], ALL_EVENTS)
        // A question waits for so large an hour only so long. On a busy machine that may be too short; the next one goes on from there.
        await until('the answer has all of them', async () =>
          Bun.deepEquals(sortedAggregates(await store.eventAggregates(ALL_EVENTS)), right),
        )
      }),
      120_000,
    )

    test(
      'is there again when the store is opened again, with what had not been brought up to date',
      withStore(async (store, reopen) => {
        const events = ['ada', 'unused'].map((token, index) => eventOf({ token, at: START + index * HOUR }))
        await store.record(events.slice(0, 1), RULES)
        await refreshAll(store)
        await store.record(events, RULES)
        const again = await reopen()
        expect(sortedAggregates(await again.eventAggregates(ALL_EVENTS))).toEqual(
          expectedAggregates(events, ALL_EVENTS),
        )
        expect((await refreshAll(again)).isStale).toBe(false)
      }),
    )

    test(
      'of nothing is none',
      withStore(async (store) => {
        expect(await store.eventAggregates(ALL_EVENTS)).toEqual([])
        await store.record([eventOf()], RULES)
        const empty = { from: START, until: START, label: 'empty' }
        for (const none of [{ flow: 'nowhere' }, { version: 'none' }, { spans: [] }, { spans: [empty] }])
          expect(await store.eventAggregates({ ...ALL_EVENTS, ...none })).toEqual([])
      }),
    )

    test(
      'is the same when asked for while rollups are brought up to date',
      withStore(async (store) => {
        const events = Array.from({ length: 300 }, (_, index) => busy(index * 9))
        await store.record(events, RULES)
        const ask = () => store.eventAggregates(ALL_EVENTS)
        const answers = await Promise.all([store.refresh().then(ask), ask(), store.refresh().then(ask), ask()])
        for (const answer of answers) expect(sortedAggregates(answer)).toEqual(expectedAggregates(events, ALL_EVENTS))
      }),
    )
  })
}

/** Each run asks for much, and brings all rollups up to date several times. */
const RUNS = 8

export const ALL_EVENTS: EventAggregateQuery = {
  flow: 'repair-booking',
  spans: [{ from: HOURS - HOUR, until: HOURS + 30 * HOUR, label: 'all' }],
  parts: ['requests', 'durations', 'contents'],
}

/** By plain code. */
export function expectedAggregates(
  events: readonly TrailEvent[],
  query: EventAggregateQuery,
): LabelledEventAggregate[] {
  const { flow, version, spans, parts } = query
  const wanted = events.filter((event) => event.flow === flow && (version === undefined || event.version === version))
  return labelled(wanted, spans, ({ at }) => at).map(({ label, version, items }) => {
    const all = aggregateEvents(items)
    const told = parts.includes('requests')
      ? all.requests
      : parts.includes('requestsByHour')
        ? requestsByHour(all).requests
        : {}
    return { label, version, aggregate: { ...eventPartsOnly(all, parts), requests: told } }
  })
}

export const sortedAggregates = (answers: readonly LabelledEventAggregate[]): LabelledEventAggregate[] =>
  answers.toSorted((a, b) => (a.label + a.version < b.label + b.version ? -1 : 1))

/** Some of them without a token, and some answered too late. */
const anyEvents = fc
  .tuple(arbitraryEvents, fc.array(fc.constantFrom('', 'unused', undefined), { minLength: 30, maxLength: 30 }))
  .map(([events, tokens]) =>
    events.map((event, index) => ({
      ...event,
      token: tokens[index] ?? event.token,
      processingMs: event.processingMs * 8,
    })),
  )

/** An event every two seconds or so, most of them without a token, and some that we could not answer. */
const busy = (index: number): TrailEvent =>
  eventOf({
    id: sha256(`busy ${index}`),
    token: index % 10 ? 'unused' : `person ${index}`,
    at: HOURS + index * 2_700,
    processingMs: (index * 37) % 1_500,
    requestBytes: 500 + ((index * 91) % 4_000),
    ...(index % 50 ? {} : { outcome: 'failed', next: '', errors: [{ code: 'upstream_timeout', field: 'slots' }] }),
  })

const query: fc.Arbitrary<EventAggregateQuery> = fc
  .tuple(
    spans,
    fc.record(
      {
        flow: fc.constantFrom('repair-booking', 'feedback'),
        version: fc.constantFrom('1f3a5c7e', '2b4d6f80'),
        parts: fc.subarray<EventDetail>(['requests', 'requestsByHour', 'durations', 'contents']),
      },
      { requiredKeys: ['flow', 'parts'] },
    ),
  )
  .map(([spans, rest]) => ({ ...rest, spans }))
