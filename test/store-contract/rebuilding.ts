import { describe, expect, test } from 'bun:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { sha256 } from '../../src/lib/ids.ts'
import type { Rederived } from '../../src/store/store.ts'
import { isTracked, type TrailEvent } from '../../src/trail/event.ts'
import type { Session, SessionRulebook } from '../../src/trail/session.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import * as all from './expected.ts'
import { allSessions, answersOf, expectedAnswers, expectedSessions, HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'

export function rebuildingContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: listing trails`, () => {
    test(
      'returns each tracked trail once and in the same order, whatever the page size',
      forAll(arbitraryTrails, async (store, events) => {
        await store.record(events, RULES)
        const walked = await all.everyPage(1, (page) => store.trails(page))
        expect(walked.map(nameOf).sort()).toEqual(trailsOf(events).map(nameOf).sort())
        for (const limit of [2, 3, 7, 100])
          expect(await all.everyPage(limit, (page) => store.trails(page))).toEqual(walked)
      }),
      120_000,
    )

    test(
      'returns each trail once while others are added',
      withStore(async (store) => {
        const eventAt = (place: number) => eventOf({ token: `token ${place}`, at: START + Math.round(place) })
        const events = Array.from({ length: 12 }, (_, index) => eventAt(index * 10))
        const names = events.map(nameOf).sort()
        await store.record(events, RULES)
        for (let limit = 1; limit <= events.length + 1; limit++) {
          let added = 0
          const disturb = async () => {
            const place = limit + ++added / 100
            await store.record(
              [eventAt(place), eventAt(1_000 + place), { ...eventAt(10), id: sha256(`${place}`) }],
              RULES,
            )
          }
          const walked = (await all.everyPage(limit, (page) => store.trails(page), disturb)).map(nameOf)
          expect(walked).toEqual([...new Set(walked)])
          expect(walked.filter((name) => names.includes(name)).sort()).toEqual(names)
        }
      }),
      120_000,
    )

    test(
      'leaves out a trail whose events are gone',
      withStore(async (store, _, removeEvents) => {
        const events = ['ada', 'grace', 'edsger'].map((token) => eventOf({ token }))
        await store.record(events, RULES)
        await removeEvents(events.slice(1, 2))
        const { items } = await store.trails({ limit: 9 })
        expect(items.map(({ token }) => token).sort()).toEqual(['ada', 'edsger'])
      }),
    )

    test(
      'starts from the beginning with an invalid cursor',
      withStore(async (store) => {
        const events = ['ada', 'grace', 'edsger'].map((token, index) => eventOf({ token, at: START + index }))
        await store.record(events, RULES)
        const { next: ofEvents = '' } = await store.events({ limit: 2 })
        const { next: ofSessions = '' } = await store.sessions({ ...all.ANY, limit: 2 })
        expect([ofEvents, ofSessions]).not.toContain('')
        const page = await store.trails({ limit: 3 })
        expect(page.items).toHaveLength(3)
        for (const after of ['', 'garbage', 'W10', 'bnVsbA', 'WzFd', 'WyIxIiwyXQ', 'eyJhdCI6MX0', ofEvents, ofSessions])
          expect(await store.trails({ limit: 3, after })).toEqual(page)
      }),
    )
  })

  describe(`${name}: rederiving sessions`, () => {
    test(
      'by other rules gives what recording by them gives, reports the changes, and then finds nothing to change',
      forAll(fc.tuple(arbitraryTrails, arbitraryRules, arbitraryRules), async (store, [events, before, after]) => {
        await store.record(events, before)
        const expected = changesBetween(expectedSessions(events, before), expectedSessions(events, after), events)
        const stored = await answersOf(store, events)

        expect(await store.rederive(trailsOf(events), after, { dryRun: true })).toEqual(expected)
        expect(await answersOf(store, events)).toEqual(stored)

        expect(await store.rederive(trailsOf(events), after)).toEqual(expected)
        expect(await answersOf(store, events)).toEqual(expectedAnswers(events, after))
        expect(await store.rederive(trailsOf(events), after)).toEqual({ ...expected, changed: 0 })
      }),
      120_000,
    )

    test(
      'beside recording gives what recording everything gives',
      forAll(
        fc.tuple(arbitraryEvents, arbitraryRules, arbitraryRules, fc.nat({ max: 20 })),
        async (store, [events, before, after, early]) => {
          await store.record(events.slice(0, early), before)
          const trails = trailsOf(events)
          await Promise.all([
            store.rederive(trails, after),
            ...events.slice(early).map((event) => store.record([event], after)),
            store.rederive(trails.toReversed(), after),
          ])
          expect(await answersOf(store, events)).toEqual(expectedAnswers(events, after))
        },
      ),
      120_000,
    )

    test(
      'does not change a trail that has lost some of its events',
      forAll(
        fc
          .tuple(arbitraryEvents, arbitraryRules, arbitraryRules)
          .chain(([events, before, after]) =>
            fc.record({ ...is({ events, before, after }), gone: fc.subarray(events) }),
          ),
        async (store, { events, before, after, gone }, removeEvents) => {
          await store.record(events, before)
          await removeEvents(gone)
          const bereft = new Set(gone.map(nameOf))
          const [older, whole] = [true, false].map((is) => events.filter((event) => bereft.has(nameOf(event)) === is))
          const { sessions, changed } = changesBetween(
            expectedSessions(whole ?? [], before),
            expectedSessions(whole ?? [], after),
          )
          const kept = expectedSessions(older ?? [], before)
          expect(await store.rederive(trailsOf(events), after)).toEqual({
            events: events.length - gone.length,
            sessions: sessions + kept.length,
            changed,
          })
          expect(await allSessions(store)).toEqual(
            [...kept, ...expectedSessions(whole ?? [], after)].sort(all.newestFirst),
          )
        },
      ),
      120_000,
    )

    test(
      'derives the later session of a trail whose first session has outlived its events',
      withStore(async (store, _, removeEvents) => {
        const visitAt = (hour: number) =>
          [0, 1_000, 2_000].map((ms) => eventOf({ at: START + hour * HOUR + ms, input: { service: 'routine' } }))
        const [first, second] = [visitAt(0), visitAt(50).slice(1)]
        await store.record(first, RULES)
        await removeEvents(first)
        await store.record(second, RULES)
        const withoutChoices = { flows: {}, otherwise: { ...RULES.otherwise, choices: {} } }
        expect(await store.rederive(trailsOf(first), withoutChoices)).toEqual({ events: 2, sessions: 2, changed: 1 })
        expect(await allSessions(store)).toEqual([
          ...expectedSessions(second, withoutChoices),
          ...expectedSessions(first, RULES),
        ])
      }),
    )

    test(
      'finds nothing to change where durations are rounded',
      withStore(async (store) => {
        const events = [0.1, 0.2].map((ms, at) =>
          eventOf({ at: START + at * 60_000, outcome: 'rejected', next: 'SERVICE_SELECTION', processingMs: ms }),
        )
        await store.record(events, RULES)
        expect(await store.rederive(trailsOf(events), RULES)).toEqual({ events: 2, sessions: 1, changed: 0 })
      }),
    )

    test(
      'takes only trails with sessions, and each once',
      withStore(async (store) => {
        const events = ['', 'unused', 'ada'].map((token) => eventOf({ token }))
        await store.record(events, RULES)
        const { flow } = eventOf()
        const keys = ['ada', 'nobody', 'unused', '', 'ada'].map((token) => ({ flow, token }))
        const counts = { events: 1, sessions: 1, changed: 0 }
        expect(await store.rederive([...keys, { flow: 'nowhere', token: 'ada' }], RULES)).toEqual(counts)
        expect(await store.rederive([], RULES)).toEqual({ events: 0, sessions: 0, changed: 0 })
        expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
      }),
    )
  })
}

/** What `rederive` has to answer, where it finds these sessions, and these are right. */
function changesBetween(
  before: readonly Session[],
  after: readonly Session[],
  events: readonly TrailEvent[] = [],
): Rederived {
  const ids = new Set([...before, ...after].map(({ id }) => id))
  const find = (sessions: readonly Session[], id: string) => sessions.find((session) => session.id === id)
  return {
    events: events.filter(({ token }) => isTracked(token)).length,
    sessions: after.length,
    changed: [...ids].filter((id) => !isDeepStrictEqual(find(before, id), find(after, id))).length,
  }
}

const nameOf = ({ flow, token }: { readonly flow: string; readonly token: string }) => `${flow}\n${token}`

const trailsOf = (events: readonly TrailEvent[]) => all.trailsOf(events).filter(({ token }) => isTracked(token))

const is = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>
  }

/** Histories, some of their events under other tokens: those that cannot be told apart, and any text there is. */
const arbitraryTrails = fc
  .tuple(arbitraryEvents, fc.array(fc.oneof(fc.constantFrom('', 'unused'), fc.string({ unit: 'binary' }))))
  .map(([events, tokens]) => events.map((event, index) => ({ ...event, token: tokens[index] ?? event.token })))

const arbitraryFlowRules = fc.record({
  gapMs: fc.constantFrom(0, 20_000, HOUR, 9 * HOUR),
  repeatWindowMs: fc.constantFrom(0, 15_000, HOUR),
  funnel: fc.subarray([['SERVICE_SELECTION'], ['DATE_TIME', 'CONTACT_INFO'], ['CONTACT_INFO']]),
  choices: fc.constantFrom({}, { SERVICE_SELECTION: ['service'] }, { DATE_TIME: ['service', 'note'] }),
})

const arbitraryRules: fc.Arbitrary<SessionRulebook> = fc.record({
  flows: fc.record({ 'repair-booking': arbitraryFlowRules, feedback: arbitraryFlowRules }, { requiredKeys: [] }),
  otherwise: arbitraryFlowRules,
})
