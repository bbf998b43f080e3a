import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { sha256 } from '../../src/lib/ids.ts'
import { NO_BARS } from '../../src/rollup/convert-bars.ts'
import type { LabelledStatistics, StatisticsQuery } from '../../src/rollup/rollups.ts'
import { aggregateSessions, TIME_BUCKET_MS } from '../../src/rollup/session-aggregate.ts'
import { sessionStatistics } from '../../src/rollup/session-statistics.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import { endingOf, type Session } from '../../src/trail/session.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { expectedSessions, HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'

export function sessionRollupContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: statistics`, () => {
    test(
      'are what plain code adds up, in any batches, for any spans of time and at any moment',
      forAll(
        fc.tuple(arbitraryEvents, fc.array(query, { minLength: 5 }), stretch),
        async (store, [drawn, asked, by]) => {
          const events = drawn.map((event) => ({ ...event, at: stretched(event.at, by) }))
          for (let at = 0; at < events.length; at += 7) {
            await store.record(events.slice(at, at + 7), RULES)
            if (at % 2) await refreshAll(store)
          }
          await refreshAll(store)
          const sessions = expectedSessions(events)
          for (const query of asked.map((each) => stretchedQuery(each, by)))
            expect(sortedStatistics(await store.sessionStatistics(query))).toEqual(expectedStatistics(sessions, query))
        },
        RUNS,
      ),
      120_000,
    )

    test(
      'follow sessions that change, come late, become others, and are derived by other rules',
      forAll(
        fc.tuple(arbitraryEvents, fc.nat({ max: 20 }), query, stretch),
        async (store, [drawn, early, asked, by]) => {
          const events = drawn.map((event) => ({ ...event, at: stretched(event.at, by) }))
          const query = stretchedQuery(asked, by)
          await store.record(events.slice(early), RULES)
          await refreshAll(store)
          await store.record(events.slice(0, early), RULES)
          await store.record(events, RULES)
          await refreshAll(store)
          expect(sortedStatistics(await store.sessionStatistics(query))).toEqual(
            expectedStatistics(expectedSessions(events), query),
          )

          const others = { flows: {}, otherwise: { ...RULES.otherwise, gapMs: 60_000, choices: {} } }
          await store.rederive(events, others)
          await refreshAll(store)
          expect(sortedStatistics(await store.sessionStatistics(query))).toEqual(
            expectedStatistics(expectedSessions(events, others), query),
          )
        },
        RUNS,
      ),
      120_000,
    )

    test(
      'of a busy hour are those of its minutes, brought up to date again and again',
      withStore(async (store) => {
        const events = Array.from({ length: 2_600 }, (_, index) => busy(index))
        const whole = { ...ALL, spans: [{ from: HOURS, until: HOURS + 2 * HOUR, label: 'all' }] }
        for (const [from, until] of [
          [0, 2_400],
          [2_400, 2_500],
          [2_500, 2_600],
        ]) {
          await store.record(events.slice(from, until), RULES)
          await refreshAll(store)
          expect(sortedStatistics(await store.sessionStatistics(whole))).toEqual(
            expectedStatistics(expectedSessions(events.slice(0, until)), whole),
          )
        }
      }),
      120_000,
    )

    test(
      'are there again when the store is opened again, with what had not been brought up to date',
      withStore(async (store, reopen) => {
        const events = ['ada', 'grace'].map((token, index) => eventOf({ token, at: START + index * HOUR }))
        await store.record(events.slice(0, 1), RULES)
        await refreshAll(store)
        await store.record(events, RULES)
        const again = await reopen()
        expect(sortedStatistics(await again.sessionStatistics(ALL))).toEqual(
          expectedStatistics(expectedSessions(events), ALL),
        )
        expect((await refreshAll(again)).isStale).toBe(false)
      }),
    )

    test(
      'are what they were when all are made anew',
      forAll(
        arbitraryEvents,
        async (store, events) => {
          await store.record(events, RULES)
          await store.recomputeAll()
          expect((await refreshAll(store)).isStale).toBe(false)
          expect(sortedStatistics(await store.sessionStatistics(ALL))).toEqual(
            expectedStatistics(expectedSessions(events), ALL),
          )
        },
        RUNS,
      ),
      120_000,
    )

    test(
      'of nothing are none',
      withStore(async (store) => {
        expect(await store.refresh()).toEqual({ isStale: false })
        expect(await store.sessionStatistics(ALL)).toEqual([])
        await store.record([eventOf()], RULES)
        for (const none of [{ flow: 'nowhere' }, { version: 'none' }, { spans: [] }, { spans: [EMPTY] }])
          expect(await store.sessionStatistics({ ...ALL, ...none })).toEqual([])
      }),
    )

    test(
      'are the same when asked for while rollups are brought up to date',
      withStore(async (store) => {
        const events = Array.from({ length: 300 }, (_, index) => busy(index * 9))
        await store.record(events, RULES)
        const answers = await Promise.all([
          store.refresh(),
          store.sessionStatistics(ALL),
          store.refresh(),
          store.sessionStatistics(ALL),
        ])
        for (const answer of [answers[1], answers[3]])
          expect(sortedStatistics(answer)).toEqual(expectedStatistics(expectedSessions(events), ALL))
      }),
    )
  })
}

/** Each run asks for much, and brings all rollups up to date several times. */
const RUNS = 12

/** The hour that START is in. */
export const HOURS = Math.floor(START / HOUR) * HOUR
const EMPTY = { from: START, until: START, label: 'empty' }
export const ALL: StatisticsQuery = {
  flow: 'repair-booking',
  spans: [{ from: HOURS - HOUR, until: HOURS + 30 * HOUR, label: 'all' }],
  now: START + 3 * HOUR,
  lostAfterMs: HOUR,
  detail: 'all',
}

/** Two events of each person, and a person every two seconds or so. */
const busy = (index: number): TrailEvent =>
  eventOf({
    id: sha256(`busy ${index}`),
    token: `person ${index >> 1}`,
    at: HOURS + index * 2_700,
    ...(index % 2 ? {} : { action: 'init', screen: '', next: 'SERVICE_SELECTION' }),
    input: { service: index % 3 ? 'routine' : 'emergency' },
  })

type Spans = StatisticsQuery['spans']

/** Cut anywhere, so that hours are covered in full, in part, or not at all. */
export const spans: fc.Arbitrary<Spans> = fc
  .tuple(
    fc.uniqueArray(
      fc.oneof(
        fc.integer({ min: HOURS - HOUR, max: HOURS + 8 * HOUR }),
        fc.integer({ min: -1, max: 8 }).map((hour) => HOURS + hour * HOUR),
      ),
      { minLength: 2, maxLength: 6 },
    ),
    fc.array(fc.constantFrom('one', 'two'), { minLength: 5, maxLength: 5 }),
  )
  .map(([cuts, labels]) => {
    const ordered = cuts.toSorted((a, b) => a - b)
    return ordered
      .slice(1)
      .map((until, index) => ({ from: ordered[index] as number, until, label: labels[index] as string }))
  })

const query: fc.Arbitrary<StatisticsQuery> = fc
  .tuple(
    spans,
    fc.record(
      {
        flow: fc.constantFrom('repair-booking', 'feedback'),
        version: fc.constantFrom('1f3a5c7e', '2b4d6f80'),
        now: fc.oneof(
          fc.integer({ min: START, max: START + 9 * HOUR }),
          fc
            .nat({ max: 30 })
            .map((span) => Math.floor(START / TIME_BUCKET_MS) * TIME_BUCKET_MS + span * TIME_BUCKET_MS),
        ),
        lostAfterMs: fc.constantFrom(HOUR, 24 * HOUR, 0),
        detail: fc.constantFrom('paths', 'all'),
      },
      { requiredKeys: ['flow', 'now', 'lostAfterMs', 'detail'] },
    ),
  )
  .map(([spans, rest]) => ({ ...rest, spans }))

/** The same within hours, or spread over days. */
export const stretch = fc.constantFrom(1, 12, 30)
export const stretched = (at: number, by: number): number => HOURS + (at - HOURS) * by
export const stretchedSpans = (spans: Spans, by: number): Spans =>
  spans.map(({ from, until, label }) => ({ from: stretched(from, by), until: stretched(until, by), label }))
const stretchedQuery = (query: StatisticsQuery, by: number): StatisticsQuery => ({
  ...query,
  now: stretched(query.now, by),
  spans: stretchedSpans(query.spans, by),
})

/** The items that have their instant in one of the spans, by label and version; sorted by these. */
export function labelled<Item extends { readonly version: string }>(
  items: readonly Item[],
  spans: Spans,
  instant: (item: Item) => number,
) {
  const found = items.flatMap((item) => {
    const span = spans.find(({ from, until }) => from <= instant(item) && instant(item) < until)
    return span ? [{ label: span.label, version: item.version, item }] : []
  })
  const groups = Map.groupBy(found, ({ label, version }) => JSON.stringify([label, version]))
  return [...groups.values()]
    .map((some) => {
      const { label, version } = some[0] as (typeof some)[0]
      return { label, version, items: some.map(({ item }) => item) }
    })
    .sort((a, b) => (a.label + a.version < b.label + b.version ? -1 : 1))
}

/** By plain code: whose ending is what follows from each session itself, one by one. */
export function expectedStatistics(sessions: readonly Session[], query: StatisticsQuery): LabelledStatistics[] {
  const { flow, version, spans, now, lostAfterMs, detail } = query
  const wanted = sessions.filter(
    (session) => session.flow === flow && (version === undefined || session.version === version),
  )
  return labelled(wanted, spans, ({ startedAt }) => startedAt).map(({ label, version, items }): LabelledStatistics => {
    // An instant that no session is near: before it all that are lost were seen, after it all that are open.
    const judged = items.map((session) => ({
      ...session,
      lastAt: endingOf(session, now, lostAfterMs) === 'lost' ? -10 * TIME_BUCKET_MS : 10 * TIME_BUCKET_MS,
    }))
    const asked = sessionStatistics(aggregateSessions(judged), 0)
    const only = {
      ...{ paths: asked.paths, groups: { '': asked.paths }, screens: {}, factors: {} },
      ...{ convertMs: [], convertBars: NO_BARS, opened: 0 },
    }
    return { label, version, statistics: detail === 'paths' ? only : asked }
  })
}

export const sortedStatistics = (answers: readonly LabelledStatistics[]): LabelledStatistics[] =>
  answers.toSorted((a, b) => (a.label + a.version < b.label + b.version ? -1 : 1))

export async function refreshAll(store: StoreWithRollups): Promise<{ isStale: boolean }> {
  let state = await store.refresh()
  while (state.isStale) state = await store.refresh()
  return state
}
