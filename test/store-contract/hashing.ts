// The job that hashes old values, on each store.

import { describe, expect, test } from 'bun:test'
import { parse } from 'yaml'
import { compileFlow } from '../../src/flow/compile.ts'
import type { Flow } from '../../src/flow/definition.ts'
import { flow as schema } from '../../src/flow/schema.ts'
import { hashOldValues } from '../../src/jobs/hash-old-values.ts'
import type { Progress } from '../../src/jobs/scheduled-job.ts'
import { sha256 } from '../../src/lib/ids.ts'
import type { JsonObject } from '../../src/lib/json.ts'
import { DAY_MS } from '../../src/lib/units.ts'
import { type Aging, agingOf } from '../../src/privacy/aged-input.ts'
import { pseudonymOf } from '../../src/privacy/pseudonym.ts'
import type { Store } from '../../src/store/store.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import type { StoreWithRollups } from '../with-rollups.ts'
import { ALL_EVENTS } from './event-rollups.ts'
import { allSessions, everyPage, expectedSessions, HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'
import { ALL, refreshAll } from './session-rollups.ts'

const KEY = 'a key that lives elsewhere'

/** `note` is a choice in the rules of the sessions, that the config does not list. */
const FLOW = `
  start: SERVICE_SELECTION
  screens:
    SERVICE_SELECTION:
      fields: { service: { type: choice, in: [emergency, routine] }, memo: { type: text, keep: keep } }
      next: DATE_TIME
    DATE_TIME:
      fields: { note: { type: choice, keep: keep }, memo: { type: text, keep: keep, hash_after: 30d } }
      next: CONTACT_INFO
    CONTACT_INFO: { complete: {} }
`

function flowsOf(yaml: string): Map<string, Flow> {
  return new Map(
    ['repair-booking', 'feedback'].map((key) => {
      const compiled = compileFlow(key, schema.parse(parse(yaml)))
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
      return [key, compiled.flow]
    }),
  )
}

const agingAfter = (days: number | undefined, yaml = FLOW): Aging =>
  agingOf({ flows: flowsOf(yaml), hashAfterMs: days === undefined ? undefined : days * DAY_MS, key: KEY })

type Run = {
  readonly aging?: Aging
  readonly signal?: AbortSignal
  readonly report?: (progress: Progress) => void
}

const runAt = (
  store: Pick<Store, 'events' | 'replaceInputs' | 'rederive' | 'purge' | 'getDocument' | 'putDocument'>,
  now: number,
  { aging = agingAfter(7), signal = new AbortController().signal, report = () => {} }: Run = {},
) =>
  hashOldValues(
    { aging, store, rules: RULES, clock: () => now, stopwatch: () => performance.now(), wait: async () => {} },
    { signal, report },
  )

const hashed = (value: string) => ({ $hash: pseudonymOf(value, KEY) })
const memo = (event: TrailEvent, index: number): TrailEvent => ({
  ...event,
  input: { ...event.input, memo: `memo ${index}` },
})
const storedEvents = (store: StoreWithRollups) => everyPage(1_000, (page) => store.events(page))
const inputsOf = async (store: StoreWithRollups): Promise<readonly JsonObject[]> =>
  (await storedEvents(store)).map(({ input }) => input)
const numbersOf = (store: StoreWithRollups) =>
  Promise.all([store.sessionStatistics(ALL), store.eventAggregates(ALL_EVENTS), allSessions(store)])

/** Of one screen and one minute each, some of them at the same instant. */
const crowd = (count: number, at = START) =>
  Array.from({ length: count }, (_, index) =>
    memo(
      eventOf({ id: sha256(`${at} ${index}`), token: `person ${index % 50}`, at: at + Math.floor(index / 3) }),
      index,
    ),
  )

export function hashingContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: hashing old values`, () => {
    test(
      'makes pseudonyms of texts at their age, and changes no number',
      forAll(arbitraryEvents, async (store, drawn) => {
        const events = drawn.map(({ input: { note: _, ...input }, ...event }, index) =>
          memo({ ...event, input }, index),
        )
        await store.record(events, RULES)
        await refreshAll(store)
        const before = await numbersOf(store)
        const at = START + 7 * DAY_MS
        const isOld = (event: TrailEvent, now: number) =>
          now - event.at >= (event.screen === 'DATE_TIME' ? 30 : 7) * DAY_MS
        for (const now of [at, at + 2 * HOUR, at + 40 * DAY_MS]) {
          await runAt(store, now)
          const expected = new Map(
            events.map(({ id, ...event }) => [
              id,
              isOld({ id, ...event }, now) ? { ...event.input, memo: hashed(String(event.input.memo)) } : event.input,
            ]),
          )
          for (const { id, input } of await storedEvents(store)) expect(input).toEqual(expected.get(id) as JsonObject)
          expect(await refreshAll(store)).toEqual({ isStale: false })
          expect(await numbersOf(store)).toEqual(before)
          expect((await runAt(store, now)).rows).toBe(0)
        }
      }),
      120_000,
    )

    test(
      'takes a choice that people may have typed out of sessions and their rollups, and leaves those that the config lists',
      forAll(arbitraryEvents, async (store, drawn) => {
        const events = drawn.map((event, index) =>
          'note' in event.input ? { ...event, input: { ...event.input, note: `Ana ${index % 3}` } } : event,
        )
        await store.record(events, RULES)
        await refreshAll(store)
        await runAt(store, START + 60 * DAY_MS)
        await refreshAll(store)
        const stored = await storedEvents(store)
        expect(stored).toEqual(
          stored.map((event) => {
            const { input } = events.find(({ id }) => id === event.id) as TrailEvent
            return { ...event, input: 'note' in input ? { ...input, note: hashed(String(input.note)) } : input }
          }),
        )
        expect(await allSessions(store)).toEqual(expectedSessions(stored))
        expect(JSON.stringify(await numbersOf(store))).not.toContain('Ana')
      }),
      120_000,
    )

    test(
      'finishes what was broken off at any page, also between an event and its session',
      withStore(async (store) => {
        const events = crowd(900).map((event) => ({
          ...event,
          screen: 'DATE_TIME',
          input: { note: `Ana ${event.id}` },
        }))
        await store.record(events, RULES)
        await refreshAll(store)
        const now = START + 60 * DAY_MS
        for (let page = 1; page <= 3; page++) {
          const controller = new AbortController()
          let pages = 0
          const stopping = runAt(store, now, {
            signal: controller.signal,
            report: () => void (++pages === page && controller.abort()),
          })
          await expect(stopping).rejects.toThrow()
          const dying = { ...store, rederive: () => Promise.reject(new Error('killed')) }
          await expect(runAt(dying, now)).rejects.toThrow('killed')
        }
        await runAt(store, now)
        await refreshAll(store)
        const stored = await storedEvents(store)
        expect(stored.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort())
        expect(JSON.stringify(stored)).not.toContain('Ana')
        expect(await allSessions(store)).toEqual(expectedSessions(stored))
        expect(JSON.stringify(await numbersOf(store))).not.toContain('Ana')
      }),
      120_000,
    )

    test(
      'looks at what is new, a little before that, and at everything when the config changes',
      withStore(async (store) => {
        const WEEK = 7 * DAY_MS
        const asked: (number | undefined)[] = []
        const watched = {
          ...store,
          events(query: Parameters<Store['events']>[0]) {
            asked.push(query.from)
            return store.events(query)
          },
        }
        const oneAge = (days: number) => agingAfter(days, FLOW.replace(', hash_after: 30d', ''))
        const run = (now: number, days = 7) => runAt(watched, now, { aging: oneAge(days) })
        await store.record(crowd(30), RULES)
        expect((await run(START + WEEK + 1)).rows).toBe(6)
        expect((await run(START + WEEK + HOUR)).rows).toBe(24)
        // A clock that was set back by a day, or had been years ahead, leaves nothing out.
        expect((await run(START + WEEK - DAY_MS)).rows).toBe(0)
        await run(START + 500 * DAY_MS)
        await store.record(crowd(30, START + DAY_MS), RULES)
        expect((await run(START + WEEK + 2 * DAY_MS)).rows).toBe(30)
        const until = START + DAY_MS
        expect(asked).toEqual([undefined, START + 2 - HOUR, undefined, START - DAY_MS + 1 - HOUR, undefined])
        asked.length = 0
        await store.record(crowd(3, until - 2 * DAY_MS), RULES)
        expect((await run(START + 20 * DAY_MS, 6)).rows).toBe(3)
        expect(asked).toEqual([undefined])
      }),
    )

    test(
      'does nothing without an age',
      withStore(async (store) => {
        await store.record(crowd(3), RULES)
        const before = await inputsOf(store)
        const aging = agingAfter(undefined, FLOW.replace(', hash_after: 30d', ''))
        expect(await runAt(store, START + 9_999 * DAY_MS, { aging })).toEqual({
          rows: 0,
          text: 'Nothing to do: neither privacy nor a field has a hash_after.',
        })
        expect(await inputsOf(store)).toEqual(before)
      }),
    )
  })
}
