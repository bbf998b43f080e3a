import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { sha256 } from '../../src/lib/ids.ts'
import type { TrailEvent } from '../../src/trail/event.ts'
import { arbitraryEvents, eventOf, START } from '../arbitrary-events.ts'
import { allEvents, allSessions, answersOf, expectedAnswers, expectedSessions, HOUR, RULES } from './expected.ts'
import type { Kit } from './kit.ts'

export function recordingContract({ name, withStore, forAll }: Kit): void {
  describe(`${name}: recording`, () => {
    test.each(ROUND_TRIPS)('an event survives the round trip: %s', (_, partial) =>
      withStore(async (store) => {
        const event = eventOf(partial)
        expect(await store.record([event], RULES)).toEqual({ stored: 1, alreadyStored: 0, refused: [] })
        expect(await store.eventsOf(event.flow, event.token)).toStrictEqual([event])
        expect(await allEvents(store)).toStrictEqual([event])
        expect(await allSessions(store)).toStrictEqual(expectedSessions([event]))
      })(),
    )

    test(
      'durations are kept to a hundredth of a millisecond at least',
      withStore(async (store) => {
        const event = eventOf({ processingMs: 1234.56789, upstreamMs: 0.0049 })
        await store.record([event], RULES)
        const [kept] = await store.eventsOf(event.flow, event.token)
        expect(kept?.processingMs).toBeCloseTo(event.processingMs, 2)
        expect(kept?.upstreamMs).toBeCloseTo(event.upstreamMs, 2)
      }),
    )

    test(
      'a known id is counted as repeated and changes nothing',
      withStore(async (store) => {
        const [a, b, c] = [1, 2, 3].map((at) => eventOf({ at })) as [TrailEvent, TrailEvent, TrailEvent]
        expect(await store.record([a, b], RULES)).toEqual({ stored: 2, alreadyStored: 0, refused: [] })
        expect(await store.record([{ ...b, at: 9, screen: 'OTHER' }, c, c], RULES)).toEqual({
          stored: 1,
          alreadyStored: 2,
          refused: [],
        })
        expect(await store.eventsOf(a.flow, a.token)).toEqual([a, b, c])
      }),
    )

    test(
      'tells which events are known, and changes nothing',
      withStore(async (store) => {
        const [a, b] = [eventOf({ at: 1 }), eventOf({ at: 2, token: '' })] as const
        await store.record([a, b], RULES)
        const fresh = [eventOf({ at: 3 }), eventOf({ token: 'never seen' }), eventOf({ flow: 'never seen' })]
        expect(new Set(await store.known([...fresh, b, a]))).toEqual(new Set([a.id, b.id]))
        expect(await store.known(fresh)).toEqual([])
        expect(await store.known([])).toEqual([])
        expect(await allEvents(store)).toEqual([a, b])
      }),
    )

    test(
      'the order, repetition and batching of events do not change the answers',
      forAll(arbitraryDeliveries, async (store, { events, batches }) => {
        let stored = 0
        for (const batch of batches) stored += (await store.record(batch, RULES)).stored
        expect(stored).toBe(events.length)
        expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
      }),
      120_000,
    )

    test(
      'concurrent calls give the same answers as sequential calls',
      forAll(arbitraryDeliveries, async (store, { events, batches }) => {
        const results = await Promise.all(batches.map((batch) => store.record(batch, RULES)))
        expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(events.length)
        expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
      }),
      120_000,
    )

    test(
      'an earlier event that arrives late moves its session and leaves no stale one',
      withStore(async (store) => {
        const [first, second] = [eventOf({ at: START }), eventOf({ at: START + 1_000 })]
        await store.record([second], RULES)
        const [before] = await allSessions(store)
        await store.record([first], RULES)
        expect(await allSessions(store)).toEqual(expectedSessions([first, second]))
        expect(await store.session(String(before?.id))).toBeUndefined()
        expect((await store.totals(START, HOUR)).endings).toEqual({ completed: 0, open: 1, lost: 0 })
      }),
    )

    test(
      'untracked events are stored and belong to no session',
      withStore(async (store) => {
        const events = ['', 'unused', 'ada'].map((token) => eventOf({ token }))
        await store.record(events, RULES)
        for (const event of events) expect(await store.eventsOf(event.flow, event.token)).toEqual([event])
        expect((await allSessions(store)).map(({ token }) => token)).toEqual(['ada'])
        expect(await store.totals(START, HOUR)).toMatchObject({ events: 3, untracked: 2 })
      }),
    )

    test.each(UNSTORABLE)('an event that cannot be stored is refused alone: %s', (_, broken) =>
      withStore(async (store) => {
        const good = [eventOf({ at: START }), eventOf({ at: START + 1 })] as const
        const bad = { ...eventOf({ at: START + 2 }), ...broken } as TrailEvent
        const { stored, alreadyStored: repeated, refused } = await store.record([good[0], bad, good[1]], RULES)
        expect({ stored, repeated }).toEqual({ stored: 2, repeated: 0 })
        expect(refused.map(({ id }) => id)).toEqual([bad.id])
        expect(refused[0]?.reason).toContain(Object.keys(broken)[0] as string)
        expect(await allEvents(store)).toEqual([...good])
      })(),
    )

    test(
      'an empty batch records nothing',
      withStore(async (store) => {
        expect(await store.record([], RULES)).toEqual({ stored: 0, alreadyStored: 0, refused: [] })
        expect(await answersOf(store, [])).toEqual(expectedAnswers([]))
      }),
    )
  })
}

const ROUND_TRIPS: readonly (readonly [string, Partial<TrailEvent>])[] = [
  ['nothing optional', {}],
  [
    'everything there is',
    {
      trigger: 'slot_search',
      sequence: '12',
      input: {
        text: 'a',
        number: 1.5,
        yes: true,
        no: false,
        nothing: null,
        list: [1, 'b', [null]],
        object: { deep: { er: {} } },
      },
      errors: [
        { code: 'invalid_field', field: 'phone', rule: 'type', message: 'Not a phone' },
        { code: 'upstream_timeout', field: 'slots' },
        { code: 'client:payload-schema-error', message: 'no field, no rule' },
        { code: 'bare' },
      ],
    },
  ],
  ['an opening', { action: 'init', screen: '', outcome: 'shown' }],
  [
    'a refusal',
    {
      outcome: 'rejected',
      next: 'SERVICE_SELECTION',
      errors: [{ code: 'invalid_field', field: 'a', rule: 'required' }],
    },
  ],
  ['a completion', { outcome: 'completed', next: 'SUCCESS' }],
  ['a step back', { action: 'back', screen: 'DATE_TIME', next: 'SERVICE_SELECTION' }],
  ['a failure', { outcome: 'failed', next: '', errors: [{ code: 'unknown_screen' }] }],
  ["a client's error", { action: 'client_error', outcome: 'acknowledged', next: '' }],
  [
    'empty texts',
    {
      flow: '',
      version: '',
      screen: '',
      next: '',
      trigger: '',
      sequence: '',
      fingerprint: '',
      input: { '': '' },
      errors: [{ code: '', field: '', rule: '', message: '' }],
    },
  ],
  [
    'texts of all kinds',
    {
      flow: 'бронь',
      token: '👩‍👧 "quoted" \'and\' %_ \\ \u0000 \n',
      screen: '画面',
      next: 'شاشة',
      trigger: '🔎',
      sequence: '½',
      input: { 'ключ.$with: "marks"': '\u0000 \u2028 🙂', $set: { $gt: 1 }, 'a.b': [] },
      errors: [{ code: 'é', message: 'e\u0301' }],
    },
  ],
  [
    'large numbers',
    {
      at: 8_640_000_000_000_000,
      processingMs: 90_000_000_000_000,
      upstreamMs: 86_400_000.25,
      requestBytes: Number.MAX_SAFE_INTEGER,
      replyBytes: 2 ** 32,
      input: { large: 1.7976931348623157e308, small: 5e-324, whole: Number.MAX_SAFE_INTEGER },
    },
  ],
  ['zeros', { at: 0, processingMs: 0, upstreamMs: 0, requestBytes: 0, replyBytes: 0 }],
  ['an instant before 1970', { at: -1 }],
  ['an id of the lowest and highest letters', { id: `${'-_Aa09zZ'.repeat(5)}-_0` }],
]

const circle: { [key: string]: unknown } = {}
circle.circle = circle

const UNSTORABLE: readonly (readonly [string, { readonly [field: string]: unknown }])[] = [
  ['an id that is no hash', { id: 'short' }],
  ['an instant that is no number', { at: Number.NaN }],
  ['an instant between milliseconds', { at: 0.5 }],
  ['an unknown action', { action: 'dance' }],
  ['an unknown outcome', { outcome: null }],
  ['a token that is no text', { token: 7 }],
  ['a token that is half a character', { token: '\ud83d' }],
  ['a screen that is missing', { screen: undefined }],
  ['a sequence that is no text', { sequence: 12 }],
  ['an input that contains itself', { input: circle }],
  ['an input with a bigint', { input: { amount: 1n } }],
  ['an input that is a list', { input: [] }],
  ['errors that are no list', { errors: 'none' }],
  ['an error without a code', { errors: [{ field: 'phone' }] }],
  ['an endless duration', { processingMs: Number.POSITIVE_INFINITY }],
  ['a duration below zero', { upstreamMs: -1 }],
  ['a size below zero', { replyBytes: -1 }],
]

/** Histories, and a way for them to arrive: in any order, some twice, in batches of any size. */
const arbitraryDeliveries = fc
  .tuple(arbitraryEvents, fc.constantFrom('', 'unused', 'lin'))
  .map(([events, token]) => [
    ...events,
    ...events.slice(0, 3).map((event) => ({ ...event, token, id: sha256(event.id) })),
  ])
  .chain((events) => fc.tuple(fc.constant(events), fc.subarray(events)))
  .chain(([events, twice]) => {
    const all = [...events, ...twice]
    return fc.record({
      events: fc.constant(events),
      arriving: fc.shuffledSubarray(all, { minLength: all.length }),
      sizes: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1 }),
    })
  })
  .map(({ events, arriving, sizes }) => {
    const batches: TrailEvent[][] = []
    for (let at = 0; at < arriving.length; at += batches.at(-1)?.length ?? 1)
      batches.push(arriving.slice(at, at + (sizes[batches.length % sizes.length] as number)))
    return { events, batches }
  })
