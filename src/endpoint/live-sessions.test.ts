import { describe, expect, jest, test } from 'bun:test'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { type LiveSession, recall } from '../flow/live-session.ts'
import type { TrailEvent } from '../trail/event.ts'
import { createLiveSessions, type LiveSessions } from './live-sessions.ts'

const GAP_MS = 3_600_000
const FLOW = 'f'

/** Live sessions over what is written down, with a stopwatch that only moves when told, and a count of the readings. */
function kit(written: (token: string) => Promise<readonly TrailEvent[]> = async () => []) {
  const time = { now: 0 }
  const readings: string[] = []
  const live = createLiveSessions({
    async stored(_, token) {
      readings.push(token)
      return { session: recall(await written(token), GAP_MS), isSealed: false }
    },
    isShared: () => false,
    gapMs: GAP_MS,
    stopwatch: () => time.now,
  })
  return { live, time, readings }
}

/** Resolves when everything that follows from what is there has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('one token that many people send', () => {
  const screens = ['A', 'B', 'C', 'D', 'E']

  test('is read again and again less often, however often it comes', async () => {
    const { live, time, readings } = kit()
    for (let request = 0; request < 4_000; request++) {
      time.now += 5
      const [screen, next] = [request * 2, request * 3 + 1].map((n) => screens[n % 5] as string) as [string, string]
      await live.get(FLOW, 'campaign', screen)
      void live.advance(eventOf({ flow: FLOW, token: 'campaign', at: START + time.now, screen, next }), { input: {} })
    }
    // 0.25 + 0.5 + 1 + 2 + 4 + 8 seconds are 15.75 of the 20.
    expect(readings.length).toBeLessThanOrEqual(7)
    expect(readings.length).toBeGreaterThan(3)
  })

  test('is read once for all who ask while it is being read', async () => {
    const { live, readings } = kit(() => new Promise(() => {}))
    const asked = Array.from({ length: 100 }, (_, n) => live.get(FLOW, 'campaign', screens[n % 5] as string))
    expect(await Promise.all(asked)).toEqual(asked.map(() => undefined))
    expect(readings).toEqual(['campaign'])
  })
})

test('what another process said is found at once, however often nothing was found before', async () => {
  const events: TrailEvent[] = [eventOf({ flow: FLOW, token: 't', at: START, screen: 'A', next: 'B' })]
  const { live, time, readings } = kit(async () => [...events])
  for (let step = 1; step <= 6; step++) {
    events.push(
      eventOf({ flow: FLOW, token: 't', at: START + step, screen: `S${step}`, next: `T${step}`, input: { step } }),
    )
    time.now += 2_000
    expect((await live.get(FLOW, 't', `T${step}`))?.known).toEqual({ step })
    await settled()
  }
  expect(readings).toHaveLength(6)
})

describe('what two processes share', () => {
  /** Sealed by whichever answered last. */
  const two = (isShared: boolean) => {
    const time = { now: 0 }
    let sealed: LiveSession | undefined
    const processOf = () =>
      createLiveSessions({
        stored: async () => ({ session: sealed, isSealed: true }),
        isShared: () => isShared,
        gapMs: GAP_MS,
        stopwatch: () => time.now,
      })
    const [a, b] = [processOf(), processOf()]
    /** Puts something into the cart, on the same screen. */
    const put = async (live: LiveSessions, item: string) => {
      time.now += 1_000
      const cart = (await live.get(FLOW, 't', 'CART'))?.vars.cart ?? []
      const event = eventOf({ flow: FLOW, token: 't', at: START + time.now, screen: 'CART', next: 'CART' })
      sealed = (await live.advance(event, { input: {}, vars: { cart: [cart, item].flat() } })).session
      await settled()
    }
    return { a, b, put, cart: () => sealed?.vars.cart }
  }

  test('is the newest, also on the same screen', async () => {
    const { a, b, put, cart } = two(true)
    for (const live of [a, b, a, a, b, b, a, b]) await put(live, live === a ? 'a' : 'b')
    expect(cart()).toEqual(['a', 'b', 'a', 'a', 'b', 'b', 'a', 'b'])
  })

  test('on another screen it is read even where it is not said that they share', async () => {
    const { a, b, put } = two(false)
    await put(a, 'a')
    await put(b, 'b')
    expect((await a.get(FLOW, 't', 'OTHER'))?.vars.cart).toEqual(['a', 'b'])
  })
})

test('no more are read at once than a store can bear; the others go on without', async () => {
  const { live, readings } = kit(() => new Promise(() => {}))
  const asked = Array.from({ length: 500 }, (_, n) => live.get(FLOW, `t${n}`, 'A'))
  expect(await Promise.all(asked)).toEqual(asked.map(() => undefined))
  expect(readings.length).toBeLessThanOrEqual(64)
})

test('all are read when many come at once, a few at a time', async () => {
  let atOnce = 0
  let most = 0
  const { live, readings } = kit(async (token) => {
    most = Math.max(most, ++atOnce)
    await settled()
    atOnce--
    return [eventOf({ flow: FLOW, token, next: 'B', input: { token } })]
  })
  const asked = await Promise.all(Array.from({ length: 500 }, (_, n) => live.get(FLOW, `t${n}`, 'B')))
  expect(asked.map((session) => session?.known.token)).toEqual(asked.map((_, n) => `t${n}`))
  expect(readings).toHaveLength(500)
  expect(most).toBe(64)
})

describe('while nobody knows what a session said', () => {
  const said = eventOf({ flow: FLOW, token: 't', at: START, screen: 'A', next: 'B', input: { name: 'Ana' } })
  const later = eventOf({
    flow: FLOW,
    token: 't',
    at: START + 9_000,
    screen: 'B',
    next: 'C',
    input: { town: 'Lisbon' },
  })

  const outage = async () => {
    const store = { isAway: true }
    const { live, time } = kit(async () => {
      if (store.isAway) throw new Error('the store is away')
      return [said]
    })
    expect(await live.get(FLOW, 't', 'B')).toBeUndefined()
    return { store, live, time }
  }

  test('what it says is not taken for all of it; later it goes on from both', async () => {
    const { store, live, time } = await outage()
    const answered = await live.advance(later, { input: later.input, vars: { n: 1 } })
    expect(answered).toMatchObject({ isWhole: false, session: { known: { town: 'Lisbon' } } })
    store.isAway = false
    time.now += 300
    expect(await live.get(FLOW, 't', 'C')).toMatchObject({
      startedAt: START,
      path: ['A', 'B', 'C'],
      known: { name: 'Ana', town: 'Lisbon' },
      at: { A: { name: 'Ana' }, B: { town: 'Lisbon' } },
      vars: { n: 1 },
    })
    expect(await live.advance({ ...later, at: later.at + 1 }, { input: {} })).toMatchObject({ isWhole: true })
  })

  test('one that opens the flow is whole: nothing that was said before is seen after that', async () => {
    const { store, live, time } = await outage()
    const opening = { ...later, action: 'init', screen: '', next: 'A' } as const
    expect(await live.advance(opening, { input: {} })).toMatchObject({ isWhole: true, session: { known: {} } })
    store.isAway = false
    time.now += 300
    expect((await live.get(FLOW, 't', 'A'))?.known).toEqual({})
  })
})

test('those that are never answered do not keep later ones from being read', async () => {
  jest.useFakeTimers()
  try {
    const { live, readings } = kit(() => new Promise(() => {}))
    const asked = Array.from({ length: 64 }, (_, n) => live.get(FLOW, `t${n}`, 'A'))
    jest.advanceTimersByTime(600)
    expect(await Promise.all(asked)).toEqual(asked.map(() => undefined))
    jest.advanceTimersByTime(60_000)
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
    void live.get(FLOW, 'later', 'A')
    expect(readings.at(-1)).toBe('later')
  } finally {
    jest.useRealTimers()
  }
})

test('people who send much are remembered as far as the memory for all of them goes, the newest', async () => {
  const { live } = kit()
  const large = { more: 'y'.repeat(12_000), most: 'z'.repeat(12_000), 'too much': 'x'.repeat(30_000) }
  for (let person = 0; person < 3_000; person++) {
    void live.advance(eventOf({ flow: FLOW, token: `t${person}`, screen: 'A', next: 'B', input: {} }), { input: large })
    await settled()
  }
  const isKept = async (person: number) => (await live.get(FLOW, `t${person}`, 'B')) !== undefined
  expect([await isKept(2_999), await isKept(0)]).toEqual([true, false])
  expect(Object.keys((await live.get(FLOW, 't2999', 'B'))?.known ?? {})).toEqual(['more', 'most'])
})

test('what people typed is let go of once their session has been silent for too long to go on', async () => {
  const { live, time, readings } = kit()
  time.now = 1
  void live.advance(eventOf({ flow: FLOW, token: 'ada', next: 'B' }), { input: { name: 'Ada' } })
  void live.advance(eventOf({ flow: FLOW, token: 'grace', next: 'SUCCESS', outcome: 'completed' }), {
    input: { name: 'Grace' },
  })
  await settled()
  const screens: { readonly [token: string]: string } = { ada: 'B', grace: 'SUCCESS' }
  const known = async (token: string) => (await live.get(FLOW, token, String(screens[token])))?.known.name
  time.now += GAP_MS
  live.forgetSilent()
  expect([await known('ada'), await known('grace')]).toEqual(['Ada', undefined])
  time.now += 1
  live.forgetSilent()
  readings.length = 0
  expect([await known('ada'), await known('grace')]).toEqual([undefined, undefined])
  expect(readings).toEqual(['ada', 'grace'])
})
