import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import { inOrder, sessionsOf } from '../trail/derive-sessions.ts'
import type { TrailEvent } from '../trail/event.ts'
import { advance, continued, type LiveSession, recall, reconciled } from './live-session.ts'

const GAP_MS = 3_600_000
const SECOND = 1_000

/** One token's events, in order. */
const trail = arbitraryEvents.map((events) => inOrder(events.map((event) => ({ ...event, flow: 'f', token: 't' }))))

const advanceAll = (events: readonly TrailEvent[]) =>
  events.reduce<LiveSession | undefined>(
    (session, event) => advance(session, event, { input: event.input }, GAP_MS),
    undefined,
  )

test('a session rebuilt from stored events is the one that lived through them, at any moment', () => {
  fc.assert(
    fc.property(trail, fc.nat(), (events, cut) => {
      const at = cut % (events.length + 1)
      const rebuilt = recall(events.slice(0, at), GAP_MS)
      expect(rebuilt).toEqual(advanceAll(events.slice(0, at)))
      const goneOn = events
        .slice(at)
        .reduce((session, event) => advance(session, event, { input: event.input }, GAP_MS), rebuilt)
      expect(goneOn).toEqual(advanceAll(events))
    }),
  )
})

test('the live session is the last of the derived ones: same id, same beginning', () => {
  const rules = { gapMs: GAP_MS, repeatWindowMs: 15_000, funnel: [], choices: {} }
  fc.assert(
    fc.property(trail, (events) => {
      const live = recall(events, GAP_MS)
      const derived = sessionsOf(events, rules).at(-1)
      expect([live?.id, live?.startedAt, live?.lastAt]).toEqual([derived?.id, derived?.startedAt, derived?.lastAt])
    }),
  )
})

test('values that the field policy did not keep are gone after a rebuild, and only those', () => {
  const input = {
    a: 'x',
    b: { $length: 3 },
    c: { $hash: 'h:1' },
    d: { $mask: '••••4567' },
    e: ['x'],
    f: { 'start-date': 'd' },
  }
  expect(recall([eventOf({ input })], GAP_MS)?.known).toEqual({ a: 'x', e: ['x'], f: { 'start-date': 'd' } })
})

test('a report of the phone changes nothing of what the next tap is answered by', () => {
  const pending = { key: 'k', answers: { pay: { ok: true } } }
  const last = { key: 'k', at: START, outcome: 'shown', next: 'B' } as const
  const report = eventOf({ at: START + SECOND, action: 'client_error', outcome: 'acknowledged', next: '' })
  for (const change of [
    { input: {}, pending },
    { input: {}, last },
  ]) {
    const before = advance(undefined, eventOf({ at: START }), change, GAP_MS)
    expect(advance(before, report, { input: {} }, GAP_MS)).toEqual({ ...before, lastAt: report.at })
  }
})

test('what need not be asked again stays until a request is served, whatever is refused in between', () => {
  const pending = { key: 'k', answers: { pay: { ok: true } } }
  const event = (second: number, outcome: TrailEvent['outcome']) => eventOf({ at: START + second * SECOND, outcome })
  const first = advance(undefined, event(0, 'failed'), { input: {}, pending }, GAP_MS)
  const refused = advance(first, event(1, 'rejected'), { input: {} }, GAP_MS)
  expect(refused.pending).toEqual(pending)
  expect(advance(refused, event(2, 'shown'), { input: {} }, GAP_MS).pending).toBeUndefined()
})

test('opening the flow lets go of all that was said before, also where that fails', () => {
  const ana = advance(
    undefined,
    eventOf({ at: START, input: { name: 'Ana' } }),
    { input: { name: 'Ana' }, vars: { card: 1 }, sent: { hello: 'Ana' } },
    GAP_MS,
  )
  const opening = eventOf({ at: START + SECOND, action: 'init', screen: '', next: 'A', outcome: 'failed' })
  expect(advance(ana, opening, { input: {} }, GAP_MS)).toMatchObject({
    openedAt: opening.at,
    path: ['A'],
    known: {},
    at: {},
    vars: {},
    sent: { A: {} },
  })
})

test('only accepted submissions say something, and a later one says it anew', () => {
  const events = [
    eventOf({ at: START, input: { a: 1, b: 1 } }),
    eventOf({ at: START + SECOND, outcome: 'rejected', input: { a: 2 } }),
    eventOf({ at: START + 2 * SECOND, outcome: 'failed', input: { a: 3 } }),
    eventOf({ at: START + 3 * SECOND, action: 'back', input: { a: 4 } }),
    eventOf({ at: START + 4 * SECOND, action: 'client_error', outcome: 'acknowledged', input: { a: 5 } }),
    eventOf({ at: START + 5 * SECOND, outcome: 'completed', next: 'THANKS', input: { b: 6 } }),
  ]
  expect(recall(events, GAP_MS)).toMatchObject({ known: { a: 1, b: 6 }, lastAt: START + 5 * SECOND })
})

test.each([
  [GAP_MS, true],
  [GAP_MS + 1, false],
])('after a silence of %d ms the session goes on: %p', (silence, goesOn) => {
  const first = eventOf({ input: { a: 1 } })
  const before = advance(undefined, first, { input: first.input }, GAP_MS)
  const later = eventOf({ at: START + silence, input: { b: 1 } })
  const after = advance(before, later, { input: later.input }, GAP_MS)
  expect(continued(before, later.at, GAP_MS)).toEqual(goesOn ? before : undefined)
  expect(after.id === before.id).toBe(goesOn)
  expect(after.known).toEqual(goesOn ? { a: 1, b: 1 } : { b: 1 })
})

test('an event that was answered late does not turn the clock back', () => {
  const session = recall([eventOf({ at: START + 9 * SECOND }), eventOf({ at: START + SECOND })], GAP_MS)
  expect(session?.lastAt).toBe(START + 9 * SECOND)
})

test('a walk of any length takes bounded memory and keeps its end', () => {
  const screens = Array.from({ length: 500 }, (_, index) => `S_${index}`)
  const events = screens
    .slice(1)
    .map((next, index) => eventOf({ at: START + index, screen: screens[index] as string, next }))
  const path = recall(events, GAP_MS)?.path ?? []
  expect(path).toHaveLength(50)
  expect(path.at(-1)).toBe('S_499')
})

describe('what is remembered and what is written down', () => {
  const here = advance(
    undefined,
    eventOf({ at: START, input: { name: { $length: 3 }, a: 1 } }),
    { input: { name: 'Ana', a: 1 } },
    GAP_MS,
  )
  const written = (...events: readonly TrailEvent[]) => recall(events, GAP_MS)
  const told = (session: LiveSession | undefined) => ({ session, isSealed: false })
  const first = eventOf({ at: START, input: { name: { $length: 3 }, a: 1 } })
  const elsewhere = eventOf({ at: START + SECOND, screen: 'DATE_TIME', next: 'CONTACT_INFO', input: { a: 2, b: 2 } })

  test('is what is remembered, as long as nothing was said elsewhere', () => {
    expect(reconciled(here, told(written(first)))).toBe(here)
    expect(reconciled(here, told(undefined))).toBe(here)
  })

  test('is what is written, where nothing is remembered', () => {
    expect(reconciled(undefined, told(written(first)))).toEqual(written(first))
    expect(reconciled(undefined, told(undefined))).toBeUndefined()
  })

  test('has what was said elsewhere since, and values that are only remembered', () => {
    expect(reconciled(here, told(written(first, elsewhere)))).toEqual({
      ...(written(first, elsewhere) as LiveSession),
      known: { name: 'Ana', a: 2, b: 2 },
      at: { SERVICE_SELECTION: { name: 'Ana', a: 1 }, DATE_TIME: { a: 2, b: 2 } },
      sent: here.sent,
    })
  })

  test('is what is sealed, whole, once it is newer', () => {
    const sealed = { ...here, lastAt: here.lastAt + SECOND, vars: { cart: ['x', 'y'] } }
    expect(reconciled({ ...here, vars: { cart: ['x'] } }, { session: sealed, isSealed: true })).toBe(sealed)
    expect(reconciled(sealed, { session: here, isSealed: true })).toBe(sealed)
  })

  test('has nothing of the session before, when another one began elsewhere', () => {
    const later = written(first, { ...elsewhere, at: START + GAP_MS + 1 })
    expect(reconciled(here, told(later))).toBe(later)
  })
})
