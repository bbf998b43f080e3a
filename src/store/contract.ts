// The suite that every store must pass. It knows nothing but the interface; what is right is worked out here in plain code.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import {
  ANY,
  allEvents,
  allSessions,
  answersOf,
  everyPage,
  expectedAnswers,
  expectedSessions,
  HOUR,
  isOfFlow,
  isWanted,
  isWithin,
  newestFirst,
  RULES,
} from '../../test/expected-answers.ts'
import { sha256 } from '../lib/ids.ts'
import type { Json } from '../lib/json.ts'
import { inOrder } from '../trail/derive.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident } from '../trail/incident.ts'
import type { EventQuery, SessionQuery, Store } from './store.ts'

export type OpenStore = () => Promise<{
  /** An empty store. */
  store: Store
  /** Closes it, and opens it again on the same data. */
  reopen(): Promise<Store>
  /** Closes whatever is open and removes the data. */
  dispose(): Promise<void>
}>

export function storeContract(name: string, open: OpenStore): void {
  const withStore = (work: (store: Store, reopen: () => Promise<Store>) => Promise<void>) => async () => {
    const { store, reopen, dispose } = await open()
    try {
      await work(store, reopen)
    } finally {
      await dispose()
    }
  }
  const forAll = <T>(arbitrary: fc.Arbitrary<T>, work: (store: Store, value: T) => Promise<void>) => {
    const property = fc.asyncProperty(arbitrary, (value) => withStore((store) => work(store, value))())
    // Each run makes a store, and is made of many steps itself.
    return () => fc.assert(property, { numRuns: 25 })
  }

  describe(`${name}: recording`, () => {
    test.each(ROUND_TRIPS)('an event comes back as it was: %s', (_, partial) =>
      withStore(async (store) => {
        const event = eventOf(partial)
        expect(await store.record([event], RULES)).toEqual({ stored: 1, repeated: 0, refused: [] })
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
        expect(await store.record([a, b], RULES)).toEqual({ stored: 2, repeated: 0, refused: [] })
        expect(await store.record([{ ...b, at: 9, screen: 'OTHER' }, c, c], RULES)).toEqual({
          stored: 1,
          repeated: 2,
          refused: [],
        })
        expect(await store.eventsOf(a.flow, a.token)).toEqual([a, b, c])
      }),
    )

    test(
      'any order, any repetition and any split into batches give the same answers',
      forAll(arbitraryDeliveries, async (store, { events, batches }) => {
        let stored = 0
        for (const batch of batches) stored += (await store.record(batch, RULES)).stored
        expect(stored).toBe(events.length)
        expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
      }),
      60_000,
    )

    test(
      'calls at the same time give the same answers as one after the other',
      forAll(arbitraryDeliveries, async (store, { events, batches }) => {
        const results = await Promise.all(batches.map((batch) => store.record(batch, RULES)))
        expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(events.length)
        expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
      }),
      60_000,
    )

    test(
      'an earlier event that comes late moves its session, and leaves none behind',
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
      'events without a token of their own are kept, and belong to no session',
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
        const { stored, repeated, refused } = await store.record([good[0], bad, good[1]], RULES)
        expect({ stored, repeated }).toEqual({ stored: 2, repeated: 0 })
        expect(refused.map(({ id }) => id)).toEqual([bad.id])
        expect(refused[0]?.reason).toContain(Object.keys(broken)[0] as string)
        expect(await allEvents(store)).toEqual([...good])
      })(),
    )

    test(
      'nothing to record is nothing recorded',
      withStore(async (store) => {
        expect(await store.record([], RULES)).toEqual({ stored: 0, repeated: 0, refused: [] })
        expect(await answersOf(store, [])).toEqual(expectedAnswers([]))
      }),
    )
  })

  describe(`${name}: asking`, () => {
    test(
      'every filter of sessions, alone or with others, leaves what plain code leaves',
      forAll(
        fc.tuple(arbitraryEvents, fc.array(arbitrarySessionQuery, { minLength: 10 })),
        async (store, [events, queries]) => {
          await store.record(events, RULES)
          const sessions = expectedSessions(events)
          for (const query of queries) {
            const found = await everyPage((after) => store.sessions({ ...query, ...after }))
            expect(found).toEqual(sessions.filter((session) => isWanted(session, query)))
          }
        },
      ),
      60_000,
    )

    test(
      'every filter of events, alone or with others, leaves what plain code leaves',
      forAll(
        fc.tuple(arbitraryEvents, fc.array(arbitraryEventQuery, { minLength: 10 })),
        async (store, [events, queries]) => {
          await store.record(events, RULES)
          for (const query of queries) {
            const found = await everyPage((after) => store.events({ ...query, ...after }))
            expect(found).toEqual(
              inOrder(events).filter((event) => isWithin(event.at, query) && isOfFlow(event, query)),
            )
          }
        },
      ),
      60_000,
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
      'paging visits each item once and in order, whatever is added meanwhile',
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
          const walked = await everyPage((after) => store.events({ limit, ...after }), disturb)
          expect(walked).toEqual(inOrder(walked))
          expect(walked.filter(({ id }) => events.some((event) => event.id === id))).toEqual(events)

          const sessions = await everyPage((after) => store.sessions({ ...ANY, limit, ...after }), disturb)
          expect(sessions).toEqual([...new Map(sessions.map((each) => [each.id, each])).values()].sort(newestFirst))
          const tokens = sessions
            .map(({ token }) => token)
            .filter((token) => events.some((event) => event.token === token))
          expect(tokens).toEqual(events.map(({ token }) => token).reverse())
        }
      }),
      60_000,
    )

    test.each(['', 'garbage', 'W10', 'bnVsbA', 'WzFd', 'WyIxIiwyXQ', 'eyJhdCI6MX0', '\u0000\ud83d'])(
      'a cursor that is none of ours starts from the beginning: %j',
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
        expect(await store.eventsOf('feedback', 'ada')).toEqual([])
        expect(await store.eventsOf('repair-booking', 'nobody')).toEqual([])
      }),
    )
  })

  describe(`${name}: incidents`, () => {
    test(
      'come back newest first, by category, page by page',
      withStore(async (store) => {
        const incidents = Array.from({ length: 7 }, (_, index) => incidentOf(Math.floor(index / 2), index))
        await store.addIncidents(incidents, 100)
        const ordered = [...incidents].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        for (let limit = 1; limit <= 8; limit++) {
          expect(await everyPage((after) => store.incidents({ limit, ...after }))).toEqual(ordered)
          expect(await everyPage((after) => store.incidents({ limit, category: 'malformed', ...after }))).toEqual(
            ordered.filter(({ category }) => category === 'malformed'),
          )
        }
      }),
    )

    test(
      'only the newest are kept, all are counted, and none is counted twice',
      withStore(async (store) => {
        const incidents = Array.from({ length: 9 }, (_, index) => incidentOf(index))
        const counts = { malformed: 1 + 3 + 5 + 7 + 9, bad_signature: 2 + 4 + 6 + 8 }
        await store.addIncidents(incidents.slice(0, 6), 4)
        await store.addIncidents(incidents.slice(4), 4)
        for (const again of [incidents, incidents.slice(0, 3), incidents.slice(7)]) await store.addIncidents(again, 4)
        expect((await store.totals(START, HOUR)).incidents).toEqual(counts)
        expect((await store.incidents({ limit: 100 })).items).toEqual(incidents.slice(5).reverse())
      }),
    )
  })

  describe(`${name}: documents`, () => {
    test.each(VALUES.map((value) => [value]))('a value comes back as it was: %j', (value) =>
      withStore(async (store) => {
        expect(await store.putDocument({ kind: 'state', key: 'ключ 🔑', value }, { now: 0 })).toBe(true)
        expect(await store.getDocument('state', 'ключ 🔑', 0)).toEqual(value)
      })(),
    )

    test(
      'a later write replaces the value and its expiry',
      withStore(async (store) => {
        await store.putDocument({ ...login, expiresAt: 10 }, { now: 0 })
        await store.putDocument({ ...login, value: 'second' }, { now: 0 })
        expect(await store.getDocument('login', 'ada', 1_000)).toBe('second')
      }),
    )

    test(
      'a document is there until it expires, and gone from then on',
      withStore(async (store) => {
        await store.putDocument({ ...login, expiresAt: 10 }, { now: 0 })
        expect(await store.getDocument('login', 'ada', 9)).toBe('first')
        expect(await store.getDocument('login', 'ada', 10)).toBeUndefined()
      }),
    )

    test(
      'onlyIfAbsent writes over nothing but what has expired',
      withStore(async (store) => {
        const put = (value: string, now: number) =>
          store.putDocument({ ...login, value, expiresAt: now + 10 }, { now, onlyIfAbsent: true })
        expect(await put('first', 0)).toBe(true)
        expect(await put('second', 9)).toBe(false)
        expect(await store.getDocument('login', 'ada', 9)).toBe('first')
        expect(await put('third', 10)).toBe(true)
        expect(await store.getDocument('login', 'ada', 10)).toBe('third')
      }),
    )

    test.each([
      ['where nothing is', undefined],
      ['where one has expired', { ...login, expiresAt: 5 }],
    ] as const)('of many callers at once %s exactly one succeeds', (_, expired) =>
      withStore(async (store) => {
        if (expired) await store.putDocument(expired, { now: 0 })
        const callers = Array.from({ length: 8 }, (_, index) => String(index))
        const results = await Promise.all(
          callers.map((value) => store.putDocument({ ...login, value }, { now: 5, onlyIfAbsent: true })),
        )
        expect(results.filter(Boolean)).toHaveLength(1)
        expect(await store.getDocument('login', 'ada', 5)).toBe(callers[results.indexOf(true)] as string)
      })(),
    )

    test(
      'deleting takes one, or all of a kind, and says how many',
      withStore(async (store) => {
        for (const [kind, key] of ['login ada', 'login grace', 'login edsger', 'account ada'].map((text) =>
          text.split(' '),
        ))
          await store.putDocument({ kind: String(kind), key: String(key), value: 1 }, { now: 0 })
        expect(await store.deleteDocuments('login', 'ada')).toBe(1)
        expect(await store.deleteDocuments('login', 'ada')).toBe(0)
        expect(await store.getDocument('login', 'grace', 0)).toBe(1)
        expect(await store.deleteDocuments('login')).toBe(2)
        expect(await store.getDocument('login', 'grace', 0)).toBeUndefined()
        expect(await store.getDocument('account', 'ada', 0)).toBe(1)
      }),
    )
  })

  describe(`${name}: its life`, () => {
    test(
      'the audit log gives its newest entries first',
      withStore(async (store) => {
        const entries = [1, 2, 3].map((at) => ({
          at,
          who: 'ада 🙂',
          what: 'login',
          detail: at === 2 ? '' : `no. ${at}`,
        }))
        for (const entry of entries) await store.audit(entry)
        expect(await store.audits(2)).toEqual([entries[2], entries[1]] as typeof entries)
        expect(await store.audits(10)).toEqual(entries.reverse())
      }),
    )

    test(
      'opened again it holds all it held',
      withStore(async (store, reopen) => {
        const events = fc
          .sample(arbitraryEvents, { seed: 7, numRuns: 20 })
          .reduce((a, b) => (b.length > a.length ? b : a))
        const entry = { at: 1, who: 'system', what: 'start', detail: '' }
        await store.record(events, RULES)
        await store.addIncidents([incidentOf(1), incidentOf(2)], 1)
        await store.putDocument(login, { now: 0 })
        await store.audit(entry)

        const again = await reopen()
        expect(await answersOf(again, events)).toEqual({
          ...expectedAnswers(events),
          incidents: { malformed: 3, bad_signature: 2 },
        })
        expect((await again.incidents({ limit: 9 })).items).toEqual([incidentOf(2)])
        expect(await again.getDocument('login', 'ada', 0)).toBe('first')
        expect(await again.audits(9)).toEqual([entry])
        expect(await again.record(events, RULES)).toEqual({ stored: 0, repeated: events.length, refused: [] })
        await again.addIncidents([incidentOf(1)], 1)
        expect((await again.totals(START, HOUR)).incidents).toEqual({ malformed: 3, bad_signature: 2 })
      }),
    )

    test(
      'closing twice, or before any use, is closing once; every call after it rejects',
      withStore(async (store) => {
        await Promise.all([store.close(), store.close()])
        await store.close()
        for (const call of EVERY_CALL) await expect(call(store)).rejects.toThrow(/closed/)
      }),
    )

    test(
      'what was called before closing is done before it closes',
      withStore(async (store, reopen) => {
        const event = eventOf()
        const recorded = store.record([event], RULES)
        await store.close()
        expect(await recorded).toMatchObject({ stored: 1 })
        expect(await (await reopen()).eventsOf(event.flow, event.token)).toEqual([event])
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

const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1.5,
  '',
  'текст 🙂\u0000',
  [],
  {},
  [1, [null, { a: 'b' }]],
  { $set: { 'a.b': 1 } },
]

const login = { kind: 'login', key: 'ada', value: 'first' }

/** Every second one is `malformed`; each stands for one request more than the one before. */
function incidentOf(minute: number, number = minute): Incident {
  return {
    id: sha256(`incident ${number}`),
    at: START + minute * 60_000,
    category: number % 2 === 0 ? 'malformed' : 'bad_signature',
    flow: 'repair-booking',
    detail: number === 0 ? '' : `the body is no JSON 🙈 (${number})`,
    count: number + 1,
  }
}

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
    token: fc.constantFrom('ada', 'grace', 'nobody'),
    now: fc.integer({ min: START, max: START + 8 * HOUR }),
    lostAfterMs: fc.constantFrom(HOUR, 24 * HOUR),
  },
  { requiredKeys: ['limit', 'now', 'lostAfterMs'] },
)

const EVERY_CALL: readonly ((store: Store) => Promise<unknown>)[] = [
  (store) => store.record([eventOf()], RULES),
  (store) => store.addIncidents([incidentOf(1)], 10),
  (store) => store.eventsOf('repair-booking', 'ada'),
  (store) => store.session('any'),
  (store) => store.sessionsOf([]),
  (store) => store.sessions(ANY),
  (store) => store.events({ limit: 1 }),
  (store) => store.incidents({ limit: 1 }),
  (store) => store.totals(START, HOUR),
  (store) => store.getDocument('login', 'ada', 0),
  (store) => store.putDocument(login, { now: 0 }),
  (store) => store.deleteDocuments('login'),
  (store) => store.audit({ at: 1, who: 'ada', what: 'login', detail: '' }),
  (store) => store.audits(1),
]
