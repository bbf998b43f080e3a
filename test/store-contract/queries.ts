import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type EventQuery, MOST_EXITS, type Page, type SessionQuery } from '../../src/store/store.ts'
import { inOrder } from '../../src/trail/derive-sessions.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import { ANY, everyPage, expectedSessions, HOUR, isOfFlow, isWanted, isWithin, newestFirst, RULES } from './expected.ts'
import { incidentOf } from './incidents.ts'
import type { Kit } from './kit.ts'

export function queriesContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: queries`, () => {
    test(
      'session filters, alone or combined, return what a filter in plain code returns',
      forAll(
        fc.tuple(arbitraryEvents, fc.array(arbitrarySessionQuery, { minLength: 10 })),
        async (store, [events, queries]) => {
          await store.record(events, RULES)
          const sessions = expectedSessions(events)
          for (const query of queries) {
            const found = await everyPage(query.limit, (page) => store.sessions({ ...query, ...page }))
            expect(found).toEqual(sessions.filter((session) => isWanted(session, query)))
          }
        },
      ),
      120_000,
    )

    test(
      'event filters, alone or combined, return what a filter in plain code returns',
      forAll(
        fc.tuple(arbitraryEvents, fc.array(arbitraryEventQuery, { minLength: 10 })),
        async (store, [events, queries]) => {
          await store.record(events, RULES)
          const sessions = expectedSessions(events)
          for (const [index, query] of queries.entries()) {
            const found = await everyPage(query.limit, (page) => store.events({ ...query, ...page }))
            const expected = inOrder(events).filter((event) => isWithin(event.at, query) && isOfFlow(event, query))
            expect(found).toEqual(expected)

            const one = sessions[index]
            if (!one || index > 1) continue
            const ofOne = await everyPage(query.limit, (page) => store.events({ ...query, session: one.id, ...page }))
            expect(ofOne).toEqual(
              expected.filter(
                ({ flow, token, at }) =>
                  flow === one.flow && token === one.token && one.startedAt <= at && at <= one.lastAt,
              ),
            )
          }
          expect(await store.events({ session: 'nobody', limit: 9 })).toEqual({ items: [] })
        },
      ),
      120_000,
    )

    test.each([
      ['just before it is lost', { completed: false, silence: HOUR - 1, ending: 'open' }],
      ['at the moment it is lost', { completed: false, silence: HOUR, ending: 'lost' }],
      ['when it was completed', { completed: true, silence: 9 * HOUR, ending: 'completed' }],
      ['when the clock lags behind', { completed: false, silence: -1, ending: 'open' }],
    ] as const)('the ending of a session %s', (_, { completed, silence, ending }) =>
      withStore(async (store) => {
        await store.record([eventOf(completed ? { outcome: 'completed', next: 'SUCCESS' } : {})], RULES)
        const judged = { now: START + silence, lostAfterMs: HOUR }
        const counts = { completed: 0, open: 0, lost: 0, [ending]: 1 }
        expect((await store.totals(judged.now, judged.lostAfterMs)).endings).toEqual(counts)
        for (const [asked, count] of Object.entries(counts)) {
          const { items } = await store.sessions({ ...judged, ending: asked as typeof ending, limit: 10 })
          expect(items).toHaveLength(count)
        }
      })(),
    )

    test(
      'paging returns each item once and in order while others are added',
      withStore(async (store) => {
        const at = (minute: number) => eventOf({ at: START + Math.round(minute * 60_000), token: `token ${minute}` })
        const events = Array.from({ length: 12 }, (_, index) => at(index * 10))
        for (let limit = 1; limit <= events.length + 1; limit++) {
          const added: TrailEvent[] = []
          const disturb = async () => {
            added.push(at(limit + added.length * 0.01), at(1_000 + limit + added.length * 0.01))
            await store.record(added.slice(-2), RULES)
          }
          await store.record(events, RULES)
          const paged = await everyPage(limit, (page) => store.events(page), disturb)
          expect(paged).toEqual(inOrder(paged))
          expect(paged.filter(({ id }) => events.some((event) => event.id === id))).toEqual(events)

          const sessions = await everyPage(limit, (page) => store.sessions({ ...ANY, ...page }), disturb)
          expect(sessions).toEqual([...new Map(sessions.map((each) => [each.id, each])).values()].sort(newestFirst))
          const tokens = sessions
            .map(({ token }) => token)
            .filter((token) => events.some((event) => event.token === token))
          expect(tokens).toEqual(events.map(({ token }) => token).reverse())
        }
      }),
      120_000,
    )

    test(
      'sessions that years lie between, from before the present clock to after it, come newest first',
      withStore(async (store) => {
        const days = [-4_000, -999, -998, -65, -64, -63, -8, -1, 0, 1, 400]
        const events = days.map((day) => eventOf({ at: START + day * 24 * HOUR, token: `day ${day}` }))
        await store.record(events, RULES)
        const sessions = expectedSessions(events)
        for (const limit of [1, 2, 3, 20])
          expect(await everyPage(limit, (page) => store.sessions({ ...ANY, ...page }))).toEqual(sessions)
        const [from, until] = [START - 998 * 24 * HOUR, START - 8 * 24 * HOUR]
        const some = sessions.filter((session) => isWithin(session.startedAt, { from, until }))
        expect(some).toHaveLength(4)
        expect(await everyPage(3, (page) => store.sessions({ ...ANY, from, until, ...page }))).toEqual(some)
      }),
    )

    test(
      'a page of large items ends early, and the next page continues',
      withStore(async (store) => {
        const note = 'x'.repeat(1_500_000)
        const large = Array.from({ length: 5 }, (_, index) =>
          eventOf({ at: START + index * 1_000, token: `person ${index}`, screen: 'DATE_TIME', input: { note } }),
        )
        for (const event of large) await store.record([event], RULES)
        const pagesOf = async <T>(read: (after: { after?: string }) => Promise<Page<T>>) => {
          const pages: (readonly T[])[] = []
          let next: string | undefined
          do {
            const page = await read(next === undefined ? {} : { after: next })
            pages.push(page.items)
            next = page.next
          } while (next !== undefined)
          return pages
        }
        const events = await pagesOf((after) => store.events({ limit: 100, ...after }))
        expect(events.flat()).toEqual(large)
        expect(events.map((page) => page.length)).toEqual([2, 2, 1])
        const sessions = await pagesOf((after) => store.sessions({ ...ANY, ...after }))
        expect(sessions.flat()).toEqual(expectedSessions(large))
        expect(sessions.map((page) => page.length)).toEqual([2, 2, 1])
      }),
      120_000,
    )

    test(
      'the number of exits is bounded',
      withStore(async (store) => {
        const exits = Array.from({ length: MOST_EXITS + 50 }, (_, index) => `SCREEN_${index}`)
        await store.record(
          exits.map((next) => eventOf({ token: next, next })),
          RULES,
        )
        const listed = await store.exits()
        expect(listed).toHaveLength(MOST_EXITS)
        expect(listed).toEqual(listed.filter((exit) => exits.includes(exit)).sort())
      }),
      120_000,
    )

    test.each(['', 'garbage', 'W10', 'bnVsbA', 'WzFd', 'WyIxIiwyXQ', 'eyJhdCI6MX0', '\u0000\ud83d'])(
      'an invalid cursor starts from the beginning: %j',
      (after) =>
        withStore(async (store) => {
          const event = eventOf()
          await store.record([event], RULES)
          await store.addIncidents([incidentOf(1)], 10)
          expect((await store.events({ limit: 5, after })).items).toEqual([event])
          expect((await store.sessions({ ...ANY, limit: 5, after })).items).toEqual(expectedSessions([event]))
          expect((await store.incidents({ limit: 5, after })).items).toEqual([incidentOf(1)])
        })(),
    )

    test(
      'sessions are found by id and by token',
      withStore(async (store) => {
        const events = ['ada', 'grace', 'edsger'].map((token) => eventOf({ token }))
        await store.record(events, RULES)
        const sessions = expectedSessions(events)
        for (const session of sessions) expect(await store.session(session.id)).toEqual(session)
        expect(await store.session('nothing')).toBeUndefined()

        const keys = ['grace', 'ada', 'nobody', 'ada'].map((token) => ({ flow: 'repair-booking', token }))
        const found = await store.sessionsOf([...keys, { flow: 'feedback', token: 'edsger' }])
        expect(found.map(({ token }) => token).sort()).toEqual(['ada', 'grace'])
        expect(await store.sessionsOf([])).toEqual([])
        for (const [from, to, many] of [
          [START - 2, START - 1, 0],
          [START, START, 2],
          [START + 1, START + 2, 0],
        ] as const)
          expect(await store.sessionsOf(keys, { from, to })).toHaveLength(many)
        expect(await store.eventsOf('feedback', 'ada')).toEqual([])
        expect(await store.eventsOf('repair-booking', 'nobody')).toEqual([])
      }),
    )
  })
}

const span = {
  from: fc.integer({ min: START - 1, max: START + 5 * HOUR }),
  until: fc.integer({ min: START, max: START + 5 * HOUR + 1 }),
  flow: fc.constantFrom('repair-booking', 'feedback', 'nowhere'),
  limit: fc.integer({ min: 1, max: 9 }),
}
const arbitraryEventQuery: fc.Arbitrary<EventQuery> = fc.record(span, { requiredKeys: ['limit'] })
const arbitrarySessionQuery: fc.Arbitrary<SessionQuery> = fc.record(
  {
    ...span,
    ending: fc.constantFrom('completed', 'open', 'lost'),
    exit: fc.constantFrom('SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', '', 'NOWHERE'),
    token: fc.constantFrom('ada', 'grace', 'nobody', ['ada', 'grace'], ['nobody', 'edsger'], []),
    now: fc.integer({ min: START, max: START + 8 * HOUR }),
    lostAfterMs: fc.constantFrom(HOUR, 24 * HOUR),
  },
  { requiredKeys: ['limit', 'now', 'lostAfterMs'] },
)
