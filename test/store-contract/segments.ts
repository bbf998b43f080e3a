import { describe, expect, test } from 'bun:test'
import { NO_EVENTS } from '../../src/rollup/event-aggregate.ts'
import { SEGMENT_EVENTS } from '../../src/store/segment.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import type { Session } from '../../src/trail/session.ts'
import { eventOf, START } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { allSessions, everyPage, expectedSessions, HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'
import { refreshAll } from './session-rollups.ts'

const SECOND = 1_000
const FLOW = 'repair-booking'

/** Events that follow each other without a silence, each with an id of its own. */
const runOf = (count: number, from: number, everyMs = SECOND, token = 'campaign') =>
  Array.from({ length: count }, (_, index) => eventOf({ token, at: from + index * everyMs, input: { index } }))

async function recordAll(store: StoreWithRollups, events: readonly TrailEvent[], batch = 500) {
  const sum = { stored: 0, repeated: 0, refused: 0 }
  for (let at = 0; at < events.length; at += batch) {
    const { stored, alreadyStored, refused } = await store.record(events.slice(at, at + batch), RULES)
    sum.stored += stored
    sum.repeated += alreadyStored
    sum.refused += refused.length
  }
  return sum
}

const allEvents = (store: StoreWithRollups) => everyPage(1_000, (page) => store.events(page))

const eventsOfSession = (store: StoreWithRollups, session: string) =>
  everyPage(1_000, (page) => store.events({ session, ...page }))

const withoutBasis = (sessions: readonly Session[]) => sessions.map(({ sourceEventCount: _, ...session }) => session)

export function segmentsContract({ name, withStore }: Kit): void {
  describe(`${name}: a token that many people share`, () => {
    const BATCH = 500
    const events = runOf(SEGMENT_EVENTS + 600, START)
    const before = [eventOf({ token: 'ada', at: START })]

    test(
      'has one session until it had more events than one person has, and none from then on',
      withStore(async (store, reopen) => {
        await store.record(before, RULES)
        expect(await recordAll(store, events, BATCH)).toEqual({ stored: events.length, repeated: 0, refused: 0 })

        const shared = (await allSessions(store)).filter(({ token }) => token === 'campaign')
        expect(shared).toHaveLength(1)
        const counted = Number(shared[0]?.counts.events)
        expect(counted).toBeGreaterThanOrEqual(SEGMENT_EVENTS)
        expect(counted).toBeLessThan(SEGMENT_EVENTS + BATCH)
        expect(await eventsOfSession(store, String(shared[0]?.id))).toEqual(events.slice(0, counted))
        expect(await store.eventsOf(FLOW, 'campaign')).toEqual(events)
        expect(await store.newestEventsOf(FLOW, 'campaign', 10)).toEqual(events.slice(counted - 10, counted))
        const { untracked, events: all } = await store.totals(START, HOUR)
        expect([all, untracked]).toEqual([events.length + 1, events.length - counted])

        await refreshAll(store)
        const spans = [{ from: START - HOUR, until: START + HOUR, label: '' }]
        const traffic = await store.eventAggregates({ flow: FLOW, spans, parts: ['contents'] })
        expect(traffic.map(({ aggregate }) => aggregate)).toEqual([
          { ...NO_EVENTS, ...traffic[0]?.aggregate, untracked: 0, shared: events.length - counted },
        ])

        const stored = [await allSessions(store), await allEvents(store)]
        const again = await reopen()
        expect(await recordAll(again, events, BATCH)).toEqual({ stored: 0, repeated: events.length, refused: 0 })
        expect([await allSessions(again), await allEvents(again)]).toEqual(stored)
      }),
      120_000,
    )

    test(
      'has sessions again after a silence, and is walked and derived again segment by segment',
      withStore(async (store) => {
        await recordAll(store, events, BATCH)
        const later = runOf(3, START + events.length * SECOND + 2 * HOUR)
        await store.record(later, RULES)
        const [newest] = await allSessions(store)
        expect(newest).toEqual(expectedSessions(later)[0])
        expect(await store.newestEventsOf(FLOW, 'campaign', 10)).toEqual(later)

        const trails = await everyPage(1, (page) => store.trails(page))
        expect(trails.map(({ segment = 0 }) => segment).sort()).toEqual([0, 2])
        const stored = await allSessions(store)
        expect(await store.rederive(trails, RULES)).toMatchObject({ sessions: 2, changed: 0 })
        const split = { ...RULES, flows: { [FLOW]: { ...RULES.otherwise, gapMs: SECOND / 2 } } }
        await store.rederive(trails, split)
        expect((await allSessions(store)).length).toBeGreaterThan(SEGMENT_EVENTS)
        await store.rederive(trails, RULES)
        expect(await allSessions(store)).toEqual(stored)
      }),
      120_000,
    )
  })

  test(
    `${name}: a token that one person uses for years is never cut within a session`,
    withStore(async (store) => {
      const visits = Array.from({ length: 110 }, (_, visit) => runOf(30, START + visit * 5 * HOUR, 20 * SECOND, 'ada'))
      const events = visits.flat()
      await recordAll(store, events, 100)
      expect(withoutBasis(await allSessions(store))).toEqual(withoutBasis(expectedSessions(events)))
      expect(Math.max(...(await allSessions(store)).map(({ sourceEventCount }) => sourceEventCount))).toBeLessThan(
        SEGMENT_EVENTS,
      )
      for (const { id, startedAt, lastAt } of (await allSessions(store)).slice(0, 5))
        expect(await eventsOfSession(store, id)).toEqual(events.filter(({ at }) => startedAt <= at && at <= lastAt))
      expect(await recordAll(store, events.slice(0, 200))).toEqual({ stored: 0, repeated: 200, refused: 0 })
      expect((await store.sessionsOf([{ flow: FLOW, token: 'ada' }])).length).toBe(visits.length)
    }),
    120_000,
  )
}
