import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { SEGMENT_EVENTS } from '../../src/store/segment.ts'
import type { Erased, Store } from '../../src/store/store.ts'
import { inOrder } from '../../src/trail/derive-sessions.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { ALL_EVENTS, expectedAggregates, sortedAggregates } from './event-rollups.ts'
import { allEvents, allSessions, expectedSessions, HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'
import { ALL, expectedStatistics, HOURS, refreshAll, sortedStatistics } from './session-rollups.ts'

const FLOW = 'repair-booking'
const ADA = { flow: FLOW, token: 'ada' }
const LATER = { eventsBefore: HOURS + 3 * HOUR, sessionsBefore: HOURS + 2 * HOUR }

async function erase(store: Store, token: typeof ADA, upTo: number, limit = 4): Promise<Erased> {
  const done = { events: 0, sessions: 0 }
  for (;;) {
    const { events, sessions } = await store.eraseToken(token, upTo, limit, RULES)
    if (events + sessions === 0) return done
    done.events += events
    done.sessions += sessions
  }
}

/** What the store has of everybody, and the numbers. */
const everything = async (store: StoreWithRollups) => ({
  events: await allEvents(store),
  sessions: await allSessions(store),
  traffic: sortedAggregates(await store.eventAggregates(ALL_EVENTS)),
  statistics: sortedStatistics(await store.sessionStatistics(ALL)),
})

const expected = (events: readonly TrailEvent[]) => ({
  events: inOrder(events),
  sessions: expectedSessions(events),
  traffic: expectedAggregates(events, ALL_EVENTS),
  statistics: expectedStatistics(expectedSessions(events), ALL),
})

const withoutCounts = <T extends { sessions: readonly object[] }>(all: T) => ({
  ...all,
  sessions: all.sessions.map((session) => ({ ...session, sourceEventCount: 0 })),
})

export function erasingContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: erasing`, () => {
    test(
      'leaves what a store has that never had the person, in any order of recording and erasing',
      forAll(
        fc.tuple(arbitraryEvents, fc.nat({ max: 5 * HOUR }), fc.array(fc.nat({ max: 2 }), { maxLength: 4 })),
        async (store, [events, after, deeds]) => {
          const upTo = START + after
          const half = Math.ceil(events.length / 2)
          await store.record(events.slice(0, half), RULES)
          for (const deed of deeds) {
            if (deed === 0) await refreshAll(store)
            else if (deed === 1) await store.eraseToken(ADA, upTo, 2, RULES)
            else await store.rederive(events, RULES)
          }
          await store.record(events.slice(half), RULES)
          await erase(store, ADA, upTo)
          await refreshAll(store)
          const left = events.filter(({ flow, token, at }) => flow !== FLOW || token !== 'ada' || at > upTo)
          expect(withoutCounts(await everything(store))).toEqual(withoutCounts(expected(left)))
          expect(await store.eraseToken(ADA, upTo, 9, RULES)).toEqual({ events: 0, sessions: 0 })
        },
        name === 'mongo' ? 6 : 16,
      ),
      120_000,
    )

    test(
      'removes what is frozen, and leaves its numbers',
      withStore(async (store, reopen) => {
        const ada = [0, 1, 63, 300].map((minutes) => eventOf({ token: 'ada', at: HOURS + minutes * 60_000 }))
        const grace = [2, 62].map((minutes) => eventOf({ token: 'grace', at: HOURS + minutes * 60_000 }))
        await store.record([...ada, ...grace], RULES)
        await refreshAll(store)
        expect(await store.freeze(LATER)).toBe(true)
        const before = await everything(store)
        expect(await erase(store, ADA, HOURS + 2 * HOUR)).toEqual({ events: 3, sessions: 2 })
        await refreshAll(store)
        const again = await reopen()
        expect(await everything(again)).toMatchObject({
          events: inOrder([...grace, ...ada.slice(3)]),
          traffic: before.traffic,
          statistics: before.statistics,
        })
        expect((await allSessions(again)).map(({ token }) => token)).toEqual(['ada', 'grace'])
        // The token goes on as it would without what came before.
        const next = eventOf({ token: 'ada', at: HOURS + 310 * 60_000 })
        await again.record([next], RULES)
        expect((await allSessions(again))[0]?.steps).toEqual(
          expectedSessions([ada[3] as TrailEvent, next])[0]?.steps as never,
        )
        expect(await erase(again, ADA, HOURS + 9 * HOUR)).toEqual({ events: 2, sessions: 1 })
        expect((await again.sessionsOf([ADA])).length + (await again.eventsOf(FLOW, 'ada')).length).toBe(0)
        expect((await again.trails({ limit: 9 })).items.map(({ token }) => token)).not.toContain('ada')
      }),
    )

    test(
      'removes single events and sessions of tokens that nobody has alone, and knows these',
      withStore(async (store) => {
        const unused = [0, 1, 2].map((minutes) => eventOf({ token: 'unused', at: START + minutes * 60_000 }))
        const shared = Array.from({ length: SEGMENT_EVENTS + 3 }, (_, index) =>
          eventOf({ token: 'campaign', at: START + index, input: { index } }),
        )
        const ada = [eventOf(ADA), eventOf({ ...ADA, at: START + 9_000 })]
        await store.record([...unused, ...ada], RULES)
        for (let from = 0; from < shared.length; from += 500) await store.record(shared.slice(from, from + 500), RULES)
        const campaign = { flow: FLOW, token: 'campaign' }
        expect(await store.sharedTokens([ADA, campaign, { flow: 'feedback', token: 'campaign' }])).toEqual([campaign])

        const gone = [unused[1], shared[7], shared.at(-1), ada[1]] as TrailEvent[]
        const none = { events: gone, sessions: [] }
        expect(await store.eraseItems(none, RULES)).toEqual({ events: 4, sessions: 0 })
        expect(await store.eraseItems(none, RULES)).toEqual({ events: 0, sessions: 0 })
        const left = [...unused, ...shared, ...ada].filter((event) => !gone.includes(event))
        expect(new Set((await allEvents(store)).map(({ id }) => id))).toEqual(new Set(left.map(({ id }) => id)))
        const [session] = await store.sessionsOf([ADA])
        expect(session).toEqual(expectedSessions(left.filter(({ token }) => token === 'ada'))[0])
        const { events, untracked } = await store.totals(START, HOUR)
        expect([events, untracked]).toEqual([left.length, 2 + (left.length - 3 - (await inTrackedSegment(store)))])
        await refreshAll(store)
        const traffic = sortedAggregates(await store.eventAggregates({ ...ALL_EVENTS, parts: ['requests'] }))
        expect(Object.values(traffic[0]?.aggregate.requests ?? {})[0]?.requests).toBeGreaterThan(0)
      }),
      120_000,
    )

    test(
      'removes a session by itself where its events are gone',
      withStore(async (store, _, removeEvents) => {
        const events = [eventOf(ADA), eventOf({ token: 'grace' })]
        await store.record(events, RULES)
        await removeEvents(events)
        const [session] = await store.sessionsOf([ADA])
        const items = { events: [], sessions: [session as NonNullable<typeof session>] }
        expect(await store.eraseItems(items, RULES)).toEqual({ events: 0, sessions: 1 })
        expect((await allSessions(store)).map(({ token }) => token)).toEqual(['grace'])
      }),
    )
  })
}

/** Of the shared token, how many of its events belong to its one session. */
async function inTrackedSegment(store: Store): Promise<number> {
  const [session] = await store.sessionsOf([{ flow: FLOW, token: 'campaign' }])
  return session?.sourceEventCount ?? 0
}
