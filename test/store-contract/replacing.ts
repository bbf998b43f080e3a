import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { sha256 } from '../../src/lib/ids.ts'
import { SEGMENT_EVENTS } from '../../src/store/segment.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import { ALL_EVENTS } from './event-rollups.ts'
import { allSessions, answersOf, everyPage, expectedAnswers, RULES } from './expected.ts'
import type { Kit } from './kit.ts'
import { ALL, refreshAll } from './session-rollups.ts'

const TO = { service: 'routine', note: { $hash: 'h:0123456789012345678901' } }
const changeOf = ({ id, flow, token, input }: TrailEvent, to = TO) => ({ id, flow, token, from: input, to })

export function replacingContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: replacing inputs`, () => {
    test(
      'changes these inputs and nothing else',
      forAll(fc.tuple(arbitraryEvents, fc.nat({ max: 3 })), async (store, [events, modulus]) => {
        await store.record(events, RULES)
        await refreshAll(store)
        const before = await Promise.all([store.sessionStatistics(ALL), store.eventAggregates(ALL_EVENTS)])
        const sessions = await allSessions(store)
        const chosen = events.filter((_, index) => index % (modulus + 1) === 0)

        const replaced = await store.replaceInputs(chosen.map((event) => changeOf(event)))
        expect(replaced.map(({ id }) => id).sort()).toEqual(chosen.map(({ id }) => id).sort())
        const ids = new Set(chosen.map(({ id }) => id))
        const changed = events.map((event) => (ids.has(event.id) ? { ...event, input: TO } : event))
        expect((await answersOf(store, changed)).events).toEqual(expectedAnswers(changed).events)
        expect(await allSessions(store)).toEqual(sessions)
        expect(await refreshAll(store)).toEqual({ isStale: false })
        expect(await Promise.all([store.sessionStatistics(ALL), store.eventAggregates(ALL_EVENTS)])).toEqual(before)
      }),
      120_000,
    )

    test(
      'leaves alone an event whose input is another by now, and one that is not there',
      withStore(async (store) => {
        const [first, second, third] = ['a', 'b', 'c'].map((note) => eventOf({ token: note, input: { note } }))
        if (!first || !second || !third) throw new Error('there are three')
        await store.record([first, second], RULES)
        await store.replaceInputs([changeOf(first, TO)])
        const late = { ...TO, service: 'late' }
        const replaced = await store.replaceInputs([
          changeOf(first, late),
          changeOf(second, late),
          changeOf(third, late),
        ])
        expect(replaced.map(({ id }) => id)).toEqual([second.id])
        const all = await everyPage(10, (page) => store.events(page))
        expect(all.map(({ input }) => input)).toEqual(
          [first, second].sort((a, b) => (a.id < b.id ? -1 : 1)).map((event) => (event === first ? TO : late)),
        )
      }),
    )

    test(
      'is safe to repeat, and takes and gives empty inputs',
      withStore(async (store) => {
        const full = eventOf({ token: 'full', input: { note: 'Ana' } })
        const empty = eventOf({ token: 'empty', input: {} })
        await store.record([full, empty], RULES)
        const changes = [{ ...changeOf(full), to: {} }, changeOf(empty)]
        for (let times = 0; times < 2; times++)
          expect((await store.replaceInputs(changes)).map(({ token }) => token).sort()).toEqual(['empty', 'full'])
        expect((await store.eventsOf(full.flow, 'full'))[0]?.input).toEqual({})
        expect((await store.eventsOf(full.flow, 'empty'))[0]?.input).toEqual(TO)
        expect(await store.replaceInputs([])).toEqual([])
      }),
    )

    test(
      'tells the segment of a long trail that each event is in',
      withStore(async (store) => {
        const HALF = SEGMENT_EVENTS / 2
        const events = Array.from({ length: HALF + 2 }, (_, index) =>
          eventOf({
            id: sha256(`${index}`),
            token: 'years',
            at: START + (index >= HALF ? 30 * 86_400_000 : 0) + index * 1_000,
            input: { note: index },
          }),
        )
        await store.record(events.slice(0, HALF), RULES)
        await store.record(events.slice(HALF), RULES)
        const last = events.at(-1) as TrailEvent
        const replaced = await store.replaceInputs([changeOf(events[0] as TrailEvent), changeOf(last)])
        expect(
          replaced.toSorted((a, b) => (a.segment ?? 0) - (b.segment ?? 0)).map(({ segment = 0 }) => segment),
        ).toEqual([0, 1])
        expect(await store.trails({ limit: 9 })).toMatchObject({ items: { length: 2 } })
      }),
    )

    test(
      'a purge loses nothing',
      withStore(async (store, reopen) => {
        const events = Array.from({ length: 300 }, (_, index) => eventOf({ token: `${index}`, input: { note: index } }))
        await store.record(events, RULES)
        expect(await store.purge()).toBe(true)
        const expected = expectedAnswers(events)
        expect(await answersOf(store, events)).toEqual(expected)
        expect(await answersOf(await reopen(), events)).toEqual(expected)
      }),
      120_000,
    )
  })
}
