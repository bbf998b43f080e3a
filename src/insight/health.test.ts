import { describe, expect, test } from 'bun:test'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { page, pageEvents } from '../../test/numbers-page.ts'
import { aggregateEvents } from '../rollup/event-aggregate.ts'
import { timeBucketOf } from '../rollup/session-aggregate.ts'
import type { Counts } from '../stats/counts.ts'
import type { TrailEvent } from '../trail/event.ts'
import { healthAt } from './health.ts'

const MINUTE = 60_000
const NOBODY_REFUSED = () => ({})

const healthOf = (
  events: readonly TrailEvent[],
  refused: (span: number) => Counts | null = NOBODY_REFUSED,
  at = START + 29 * MINUTE,
) => healthAt({ answered: aggregateEvents(events), refusedIn: refused }, timeBucketOf(at))

/** So many requests, each of which took so long. */
const taking = (...times: readonly number[]) =>
  times.map((processingMs, index) => eventOf({ token: String(index), processingMs }))
const fast = (count: number) => Array.from({ length: count }, () => 100)

describe('the half hour of the page', () => {
  const events = pageEvents()

  test('is well', () =>
    expect(healthOf(events)).toMatchObject({
      latencyMs: { n: 40, p50: 100, p90: 100, level: 'ok' },
      endpointErrors: { count: 0, of: 40, level: 'ok', timedOut: 0, refused: {} },
      clientErrors: { count: 0, of: 40, level: 'ok' },
      failed: { count: 0, of: 40 },
    }))

  const slow = (count: number, processingMs: number) =>
    events
      .filter(({ at }) => at < START + 30 * MINUTE)
      .map((event, index) => (index < count ? { ...event, processingMs } : event))

  test('with five slow requests reaches the first level, with four it does not', () => {
    expect(healthOf(slow(5, 1_200)).latencyMs).toMatchObject({ n: 40, p90: 1_200, level: '1s' })
    expect(healthOf(slow(4, 1_200)).latencyMs).toMatchObject({ n: 40, p90: 100, level: 'ok' })
    expect(page).toContain('p90 (the one at position ⌊0.9 · 39⌋ = 35) would be 1.2 s')
  })

  test('with three of 43 that fail reaches 5 %', () => {
    const refusedOnce = (span: number): Counts =>
      span === timeBucketOf(START) ? { decrypt_failed: 2, token_refused: 1 } : {}
    const { endpointErrors } = healthOf(slow(1, 12_000), refusedOnce)
    expect(endpointErrors).toMatchObject({ count: 3, of: 43, timedOut: 1, level: '5%' })
    expect(endpointErrors?.refused).toEqual({
      ...{ decrypt_failed: 2, bad_signature: 0, token_refused: 1, malformed: 0, too_large: 0 },
    })
    expect(((endpointErrors?.share ?? 0) * 100).toFixed(1)).toBe('7.0')
    expect(page).toContain('3 of 43 would be endpoint errors, 7.0 %: the level of 5 %')
  })
})

test.each([
  [999, 'ok'],
  [1_000, '1s'],
  [4_999, '1s'],
  [5_000, '5s'],
  [7_000, '7s'],
  [20_000, '7s'],
] as const)('twenty requests of %p ms are at level %s', (ms, level) =>
  expect(healthOf(taking(...fast(20).map(() => ms))).latencyMs.level).toBe(level),
)

test('Meta waits for ten seconds, and no longer', () => {
  const { endpointErrors } = healthOf(taking(...fast(18), 10_000, 10_001))
  expect(endpointErrors).toMatchObject({ count: 1, of: 20, timedOut: 1, level: '5%' })
})

test.each([
  [1, 19, 'too_few_requests'],
  [0, 20, 'ok'],
  [1, 21, 'ok'],
  [1, 20, '5%'],
  [2, 20, '10%'],
  [9, 20, '10%'],
  [10, 20, '50%'],
] as const)('%p of %p is at level %s', (wrong, of, level) => {
  const refused = (span: number): Counts => (span === timeBucketOf(START) ? { decrypt_failed: wrong } : {})
  expect(healthOf(taking(...fast(of - wrong)), refused).endpointErrors?.level).toBe(level)
})

test('of nothing, nothing is said', () => {
  const { latencyMs, endpointErrors, clientErrors } = healthOf([])
  expect(latencyMs).toEqual({ n: 0, level: 'too_few_requests' })
  expect(endpointErrors).toMatchObject({ of: 0, share: null, level: 'too_few_requests' })
  expect(clientErrors).toMatchObject({ of: 0, share: null, level: 'too_few_requests' })
})

test('a refused token alone is no error', () => {
  const refused = (span: number): Counts => (span === timeBucketOf(START) ? { token_refused: 30 } : {})
  expect(healthOf([], refused).endpointErrors).toMatchObject({ count: 0, of: 30, level: 'ok' })
})

test('where refusals of any part are not known, endpoint errors are not', () => {
  const refused = (span: number) => (span <= timeBucketOf(START) ? null : {})
  expect(healthOf(taking(...fast(30)), refused).endpointErrors).toBeNull()
  expect(healthOf(taking(...fast(30)), refused, START + 30 * MINUTE).endpointErrors).not.toBeNull()
})

test('what the person was told is a failure is apart', () => {
  const events = taking(...fast(20)).map((event, index) =>
    index < 3 ? { ...event, outcome: 'failed' as const, errors: [{ code: 'no_next' }] } : event,
  )
  const { failed, endpointErrors } = healthOf(events)
  expect([failed.count, failed.of, endpointErrors?.count]).toEqual([3, 20, 0])
})

test('half an hour is six spans, an hour is twelve, with the one under way', () => {
  const events = taking(...fast(30)).map((event, index) => ({
    ...event,
    action: 'client_error' as const,
    errors: index === 0 ? [{ code: 'client:invalid-screen-transition' }] : [],
  }))
  const seen = [0, 29, 30, 59, 60].map((minutes) => {
    const { latencyMs, clientErrors } = healthOf(events, NOBODY_REFUSED, START + minutes * MINUTE)
    return [minutes, latencyMs.n, clientErrors.count, clientErrors.of]
  })
  expect(seen).toEqual([
    [0, 30, 1, 30],
    [29, 30, 1, 30],
    [30, 0, 1, 30],
    [59, 0, 1, 30],
    [60, 0, 0, 0],
  ])
  expect(healthOf(events, NOBODY_REFUSED, START - 1).latencyMs.n).toBe(0)
})
