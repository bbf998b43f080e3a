import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { dayOf } from '../../src/lib/days.ts'
import { removeExpired } from '../../src/retention/remove-expired.ts'
import type { EventAggregate } from '../../src/rollup/event-aggregate.ts'
import type { LabelledStatistics } from '../../src/rollup/rollups.ts'
import { type Frozen, NEVER, NOTHING_FROZEN } from '../../src/store/frozen.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import type { Session } from '../../src/trail/session.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { ALL_EVENTS, expectedAggregates, sortedAggregates } from './event-rollups.ts'
import { allEvents, allSessions, expectedSessions, HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'
import { ALL, expectedStatistics, HOURS, refreshAll, sortedStatistics, stretch, stretched } from './session-rollups.ts'

export function retentionContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: retention`, () => {
    test(
      'changes no number, whatever is done before, between and afterwards',
      forAll(
        fc.tuple(arbitraryEvents, stretch, fc.array(deed, { minLength: 3, maxLength: 8 })),
        async (store, [drawn, by, deeds]) => {
          const events = drawn.map((event) => ({ ...event, at: stretched(event.at, by) }))
          await store.record(events, RULES)
          await refreshAll(store)
          for (const each of deeds) await perform(store, each, events, by)
          await refreshAll(store)
          const frozen = await store.frozen()
          for (const flow of ['repair-booking', 'feedback']) {
            const ofEvents = { ...ALL_EVENTS, flow, spans: everyHour(by) }
            expect(sortedAggregates(await store.eventAggregates(ofEvents))).toEqual(
              expectedAggregates(events, ofEvents),
            )
            const ofSessions = { ...ALL, flow, spans: everyHour(by), now: HOURS + 400 * HOUR }
            expect(sortedStatistics(await store.sessionStatistics(ofSessions))).toEqual(
              expectedStatistics(expectedSessions(events), ofSessions),
            )
          }
          const left = expectedSessions(events).filter(
            ({ startedAt, lastAt }) => startedAt >= frozen.sessionsBefore || lastAt >= frozen.eventsBefore,
          )
          expect(withoutCounts(await allSessions(store))).toEqual(withoutCounts(left))
        },
        name === 'mongo' ? 8 : 24,
      ),
      120_000,
    )

    test(
      'removes events with the last one of their session, and sessions with nothing left of them but their numbers',
      withStore(async (store, reopen) => {
        const [old, begun, since, alone] = [
          [0, 5],
          [50, 65],
          [130, 140],
          [3, 4],
        ].map((minutes, index) =>
          minutes.map((minute) => eventOf({ token: index === 3 ? 'unused' : 'ada', at: HOURS + minute * 60_000 })),
        ) as [TrailEvent[], TrailEvent[], TrailEvent[], TrailEvent[]]
        const rules = { flows: {}, otherwise: { ...RULES.otherwise, gapMs: 20 * 60_000 } }
        const events = [...old, ...begun, ...since, ...alone]
        await store.record(events, rules)
        const before = await allSessions(store)
        expect(before).toHaveLength(3)
        const expired = { eventsBefore: HOURS + HOUR, sessionsBefore: NEVER }
        expect(await expireBy(store, rules, expired)).toEqual({ events: 4, sessions: 0 })
        expect((await allEvents(store)).map(({ at }) => at)).toEqual([...begun, ...since].map(({ at }) => at))
        expect(withoutCounts(await allSessions(store))).toEqual(withoutCounts(before))
        expect(await expireBy(store, rules, expired)).toEqual({ events: 0, sessions: 0 })

        const all = { eventsBefore: HOURS + 3 * HOUR, sessionsBefore: HOURS + 3 * HOUR }
        expect(await expireBy(store, rules, all)).toEqual({ events: 4, sessions: 3 })
        const again = await reopen()
        expect(await again.hadEvents()).toBe(true)
        expect([await allEvents(again), await allSessions(again), (await again.trails({ limit: 9 })).items]).toEqual([
          [],
          [],
          [],
        ])
        expect(await again.flows()).toEqual(['repair-booking'])
        const had = (hour: number, flow?: string) =>
          again.hadSessions({ from: HOURS + hour * HOUR, until: HOURS + (hour + 1) * HOUR }, flow)
        expect([await had(0), await had(0, 'repair-booking'), await had(2), await had(3)]).toEqual([
          ...[true, true, true, false],
        ])
        expect([await had(-1), await had(0, 'feedback'), await had(1)]).toEqual([false, false, false])
        expect(await again.totals(START, HOUR)).toMatchObject({
          events: 0,
          untracked: 0,
          endings: { completed: 0, open: 0, lost: 0 },
        })
        // A token may come again.
        const later = eventOf({ token: 'ada', at: HOURS + 99 * HOUR })
        await again.record([later], rules)
        expect(await allSessions(again)).toEqual(expectedSessions([later], rules))
      }),
    )

    test(
      'keeps what an hour adds up to before and after a midnight at half past; another time zone then gets the whole hour',
      withStore(async (store) => {
        const at = HOURS + 9 * HOUR
        const [before, after] = [10, 50].map((minutes, index) =>
          eventOf({ token: `person ${index}`, at: at + minutes * 60_000 }),
        ) as [TrailEvent, TrailEvent]
        await store.record([before, after], RULES)
        const cutAt = (minutes: number) => [
          { from: at, until: at + minutes * 60_000, label: 'before' },
          { from: at + minutes * 60_000, until: at + HOUR, label: 'since' },
        ]
        const counts = async (minutes: number) => {
          const sessions = await store.sessionStatistics({ ...ALL, spans: cutAt(minutes), now: at + 99 * HOUR })
          const events = await store.eventAggregates({ ...ALL_EVENTS, spans: cutAt(minutes) })
          return [
            sortedStatistics(sessions).map(({ label, statistics }) => [label, sessionsIn(statistics.paths)]),
            sortedAggregates(events).map(({ label, aggregate }) => [label, requestsIn(aggregate)]),
          ]
        }
        const halves = [
          ['before', 1],
          ['since', 1],
        ]
        expect(await counts(30)).toEqual([halves, halves])
        await expire(store, { eventsBefore: at + HOUR, sessionsBefore: at + HOUR })
        expect(await allEvents(store)).toEqual([])
        expect(await counts(30)).toEqual([halves, halves])
        // In Kathmandu midnight is at a quarter past: the part that began before it counts there.
        expect(await counts(15)).toEqual([halves, halves])
        await expire(store, { eventsBefore: at + 2 * HOUR, sessionsBefore: at + 2 * HOUR })
        expect(await counts(30)).toEqual([halves, halves])
      }),
    )

    test(
      'lets a session go on whose token had others before',
      withStore(async (store) => {
        const at = (minutes: number) => eventOf({ token: 'ada', at: HOURS + minutes * 60_000 })
        const first = [0, 1, 2, 3, 4, 5].map(at)
        const second = [300, 310].map(at)
        await store.record([...first, ...second], RULES)
        await expire(store, { eventsBefore: HOURS + HOUR, sessionsBefore: NEVER })
        for (const next of [320, 330].map(at)) {
          second.push(next)
          await store.record([next], RULES)
          const [newest, ...older] = await allSessions(store)
          expect(newest?.steps).toEqual(expectedSessions(second)[0]?.steps as never)
          expect(older.map(({ id }) => id)).toEqual(expectedSessions(first).map(({ id }) => id))
        }
        expect(await store.rederive([{ flow: 'repair-booking', token: 'ada' }], RULES)).toMatchObject({ sessions: 2 })
        expect((await allSessions(store)).map(({ lastAt }) => lastAt)).toEqual([HOURS + 330 * 60_000, HOURS + 300_000])
      }),
    )

    test(
      'freezes no hour whose numbers are not up to date, never goes back, and removes nothing that is not frozen',
      withStore(async (store) => {
        const event = eventOf()
        await store.record([event], RULES)
        expect(await store.freeze(LATER)).toBe(false)
        expect(await store.frozen()).toEqual(NOTHING_FROZEN)
        expect(await reasonOf(store.removeEvents([event], RULES))).toContain('its hour is not frozen')
        expect(await store.removeSessions(10)).toBe(0)
        await refreshAll(store)
        expect(await store.freeze(LATER)).toBe(true)
        expect(await store.freeze({ eventsBefore: HOURS, sessionsBefore: NEVER })).toBe(true)
        expect(await store.frozen()).toEqual(LATER)
        expect(await reasonOf(store.freeze({ eventsBefore: LATER.eventsBefore + 1, sessionsBefore: NEVER }))).toContain(
          'a full hour',
        )
        expect(await reasonOf(store.freeze({ eventsBefore: HOURS, sessionsBefore: 9 * LATER.eventsBefore }))).toContain(
          'no further than their events',
        )
      }),
    )

    test(
      'removes numbers that have an age of their own, of whole days, and nothing brings them back',
      withStore(async (store, reopen) => {
        const day = HOURS - 9 * HOUR
        const [first, second] = [0, 1].map((days) =>
          [10, 11].map((hour) => eventOf({ token: `ada ${days}`, at: day + (24 * days + hour) * HOUR })),
        ) as [TrailEvent[], TrailEvent[]]
        await store.record([...first, ...second], RULES)
        await refreshAll(store)
        const since = { ...ALL_EVENTS, spans: [{ from: day + 24 * HOUR, until: day + 96 * HOUR, label: 'all' }] }
        const all = { ...ALL_EVENTS, spans: [{ from: day, until: day + 96 * HOUR, label: 'all' }] }
        const sessions = { ...ALL, spans: all.spans, now: day + 400 * HOUR }
        expect(await store.rollupsBefore()).toBe(NEVER)
        await store.freeze({ eventsBefore: day - 24 * HOUR, sessionsBefore: day - 24 * HOUR })
        expect([await store.removeRollups(day - 24 * HOUR, 9), await store.rollupsBefore()]).toEqual([0, NEVER])
        const tooEarly = await reasonOf(store.removeRollups(day + 24 * HOUR, 9))
        expect(tooEarly).toContain('are not frozen')
        const frozen = { eventsBefore: day + 72 * HOUR, sessionsBefore: day + 48 * HOUR }
        await expire(store, frozen)
        expect(sortedAggregates(await store.eventAggregates(all))).toEqual(
          expectedAggregates([...first, ...second], all),
        )
        expect(await store.oldRollups(day + 24 * HOUR)).toEqual({
          hours: 2,
          from: day + 10 * HOUR,
          until: day + 12 * HOUR,
        })
        expect(await reasonOf(store.removeRollups(day + HOUR, 9))).toContain('a whole day')

        const removal = { store, rollups: store, timezone: TIMEZONE, rules: RULES }
        let rollups = 0
        for await (const done of removeExpired(removal, { ...frozen, rollupsBefore: day + 24 * HOUR }))
          rollups = done.rollups
        expect(rollups).toBeGreaterThan(0)
        const again = await reopen()
        await again.record([eventOf({ token: 'late', at: day + 10 * HOUR })], RULES)
        await refreshAll(again)
        await recompute(again)
        await refreshAll(again)
        expect(await again.rollupsBefore()).toBe(day + 24 * HOUR)
        expect(await again.oldRollups(day + 24 * HOUR)).toEqual({ hours: 0 })
        expect(sortedAggregates(await again.eventAggregates(all))).toEqual(expectedAggregates(second, since))
        expect(sortedStatistics(await again.sessionStatistics(sessions))).toEqual(
          expectedStatistics(expectedSessions(second), sessions),
        )
        // It never goes back.
        expect(await again.removeRollups(day, 9)).toBe(0)
        expect(await again.rollupsBefore()).toBe(day + 24 * HOUR)
      }),
    )

    test(
      'leaves an event that comes too late out of the numbers, and has it removed with the others',
      withStore(async (store) => {
        const [early, late] = [0, 60_000].map((ms) => eventOf({ token: 'ada', at: START + ms })) as [
          TrailEvent,
          TrailEvent,
        ]
        await store.record([early], RULES)
        await expire(store, LATER)
        await store.record([late], RULES)
        expect((await refreshAll(store)).isStale).toBe(false)
        await recompute(store)
        expect((await refreshAll(store)).isStale).toBe(false)
        expect(await store.eventAggregates(ALL_EVENTS)).toEqual(expectedAggregates([early], ALL_EVENTS))
        expect(await store.sessionStatistics(ALL)).toEqual(expectedStatistics(expectedSessions([early]), ALL))
        expect(await allEvents(store)).toEqual([late])
        await expire(store, LATER)
        expect(await allEvents(store)).toEqual([])
      }),
    )
  })
}

const LATER: Frozen = { eventsBefore: HOURS + 3 * HOUR, sessionsBefore: HOURS + 2 * HOUR }

type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

const deed = fc.oneof(
  fc.record({ removeBefore: fc.integer({ min: 0, max: 9 }), sessionsBefore: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ next: fc.constantFrom('rederive', 'recompute', 'again', 'refresh') }),
)

const sessionsIn = (paths: LabelledStatistics['statistics']['paths']): number =>
  paths.reduce((sum, { completed, open, lost }) => sum + completed + open + lost, 0)

const requestsIn = ({ requests }: EventAggregate): number =>
  Object.values(requests).reduce((sum, { requests }) => sum + requests, 0)

async function perform(
  store: StoreWithRollups,
  deed: Deed,
  events: readonly TrailEvent[],
  by: number,
): Promise<unknown> {
  if ('removeBefore' in deed) {
    const eventsBefore = HOURS + deed.removeBefore * by * HOUR
    const sessionsBefore = Math.min(eventsBefore, HOURS + deed.sessionsBefore * by * HOUR)
    return expire(store, { eventsBefore, sessionsBefore })
  }
  if (deed.next === 'rederive') return store.rederive(events, RULES)
  if (deed.next === 'recompute') return recompute(store)
  // Those that were removed come as if they were new, and too late.
  if (deed.next === 'again') return store.record(events.slice(0, 12), RULES)
  return refreshAll(store)
}

const TIMEZONE = 'Asia/Kolkata'

/** All hours in which the events of a property can be, each by itself, and where midnight is at half past, each half by itself. */
const everyHour = (by: number) =>
  Array.from({ length: 10 * by + 1 }, (_, index) => HOURS + (index - 1) * HOUR).flatMap((from) => {
    const midnight = from + HOUR / 2
    const ends = [from, ...(dayOf(midnight, TIMEZONE) === dayOf(from, TIMEZONE) ? [] : [midnight]), from + HOUR]
    return ends.slice(1).map((until, at) => ({ from: ends[at] as number, until, label: `${until}` }))
  })

const reasonOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'nothing was wrong',
    (error: Error) => error.message,
  )

/** `sourceEventCount` falls with the events. */
const withoutCounts = (sessions: readonly Session[]) => sessions.map(({ sourceEventCount: _, ...session }) => session)

async function recompute(store: StoreWithRollups): Promise<void> {
  for await (const _ of await store.recomputeAll());
}

async function expireBy(store: StoreWithRollups, rules: typeof RULES, expired: Frozen) {
  const removal = { store, rollups: store, timezone: TIMEZONE, rules }
  let done = { events: 0, sessions: 0 }
  for await (const progress of removeExpired(removal, { ...expired, rollupsBefore: NEVER }))
    done = { events: progress.events, sessions: progress.sessions }
  return done
}

async function expire(store: StoreWithRollups, expired: Frozen): Promise<Frozen> {
  await expireBy(store, RULES, expired)
  return store.frozen()
}
