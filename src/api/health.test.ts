// Health in Meta's terms, through the API.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, startApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { NOW } from '../../test/numbers-page.ts'
import { healthResource } from './resources.ts'

const PATH = '/flows/repair-booking/health'
const MINUTE = 60_000

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

test('at half past nine on Monday all is well, as the page says', async () => {
  const { flow, now, curve } = await api.tell(healthResource, `${PATH}?at=2026-03-02T09:29:00Z`)
  expect([flow, curve.length]).toEqual(['repair-booking', 288])
  expect(now).toMatchObject({
    at: '2026-03-02T09:29:00.000Z',
    latencyMs: { n: 40, p50: 100, p90: 100, level: 'ok' },
    endpointErrors: {
      count: 0,
      of: 40,
      share: 0,
      level: 'ok',
      timedOut: 0,
      refused: { decrypt_failed: 0, malformed: 0 },
    },
    clientErrors: { count: 0, of: 40, level: 'ok' },
    failed: { count: 0, of: 40 },
  })
  expect(curve.at(-1)).toEqual(now)
})

test('the curve has a point every five minutes, and the people move through it', async () => {
  const { curve } = await api.tell(healthResource, `${PATH}?at=2026-03-02T10:14:59Z`)
  const instants = curve.map(({ at }) => Date.parse(at))
  expect(instants.slice(1, -1).map((at, index) => at - (instants[index] as number))).toEqual(
    Array.from({ length: 286 }, () => 5 * MINUTE),
  )
  const seen = Object.fromEntries(curve.map(({ at, latencyMs, clientErrors }) => [at, [latencyMs.n, clientErrors.of]]))
  expect(seen['2026-03-02T09:00:00.000Z']).toEqual([0, 0])
  expect(seen['2026-03-02T09:30:00.000Z']).toEqual([40, 40])
  // Whatever was received before 9:05 is more than half an hour ago now, but not an hour.
  expect(seen['2026-03-02T09:35:00.000Z']?.[0]).toBeLessThan(40)
  expect(seen['2026-03-02T09:35:00.000Z']?.[1]).toBe(40)
  expect(seen['2026-03-02T09:45:00.000Z']).toEqual([0, 40])
  expect(seen['2026-03-02T10:14:59.000Z']).toEqual([0, 0])
})

test.each(['2026-03-02T09:30:00Z', '2026-03-02T09:30:00.001Z', '2026-03-02T09:34:59.999Z', '2026-03-02T09:35:00Z'])(
  'at %s each point has an instant of its own, and ends the five minutes up to it',
  async (instant) => {
    const { now, curve } = await api.tell(healthResource, `${PATH}?at=${instant}`)
    const instants = curve.map(({ at }) => Date.parse(at))
    expect([curve.length, new Set(instants).size]).toEqual([288, 288])
    expect(instants).toEqual(instants.toSorted((a, b) => a - b))
    expect(now.at).toBe(new Date(instant).toISOString())
    const isWhole = Date.parse(instant) % (5 * MINUTE) === 0
    expect((instants.at(-1) ?? 0) - (instants.at(-2) ?? 0) === 5 * MINUTE).toBe(isWhole)
    if (isWhole) expect(curve.find(({ at }) => at === '2026-03-02T09:30:00.000Z')?.latencyMs.n).toBe(40)
  },
)

test.each(['2026-03-02T09:05:00Z', '2026-03-02T09:29:00Z', '2026-03-02T09:35:00Z', '2026-03-02T10:02:30Z'])(
  'pages that ask for the last point alone get that of the curve, as at %s',
  async (instant) => {
    const question = { flow: 'repair-booking', at: Date.parse(instant) }
    const [whole, last] = await Promise.all(
      [question, { ...question, points: 1 }].map((each) => api.app.report('health', each, NOW)),
    )
    if (!whole?.ok || !last?.ok) throw new Error(JSON.stringify([whole, last]))
    expect(last.report.curve).toEqual([whole.report.now])
    expect(last.report.now).toEqual(whole.report.now)
  },
)

test('where nothing came, nothing is said', async () => {
  const { now, curve } = await api.tell(healthResource, PATH)
  expect(now).toMatchObject({
    at: new Date(NOW).toISOString(),
    latencyMs: { n: 0, level: 'too_few_requests' },
    endpointErrors: { of: 0, share: null, level: 'too_few_requests' },
    clientErrors: { of: 0, share: null, level: 'too_few_requests' },
  })
  expect(new Set(curve.map(({ latencyMs }) => latencyMs.level))).toEqual(new Set(['too_few_requests']))
  expect(JSON.stringify(curve)).not.toContain('availability')
})

test('an instant can be told with the clocks of wherever one is', async () => {
  const utc = await api.tell(healthResource, `${PATH}?at=2026-03-02T09:14:00Z`)
  const kolkata = await api.tell(healthResource, `${PATH}?at=${encodeURIComponent('2026-03-02T14:44:00+05:30')}`)
  expect(kolkata).toEqual(utc)
})

test('slow answers, late ones, refusals, what clients report and what we could not answer, each in its place', async () => {
  const events = Array.from({ length: 40 }, (_, index) =>
    eventOf({
      token: String(index),
      at: NOW - 20 * MINUTE + index,
      processingMs: index < 4 ? 12_000 : index < 10 ? 5_000 : 50,
      ...(index >= 36 && { action: 'client_error', outcome: 'acknowledged', next: '', errors: [{ code: 'client:x' }] }),
      ...(index === 20 && { outcome: 'failed', errors: [{ code: 'internal_error' }] }),
    }),
  )
  const other = await startApi({ events })
  try {
    const incident = (category: 'decrypt_failed' | 'token_refused' | 'unknown_flow', count: number) => ({
      ...{ id: category, at: NOW - 10 * MINUTE, category, flow: 'repair-booking', detail: '', count },
    })
    const incidents = [incident('decrypt_failed', 1), incident('token_refused', 9), incident('unknown_flow', 90)]
    await other.app.store.addIncidents(incidents, 10)
    const { now, incidentsSince } = await other.tell(healthResource, PATH)
    expect(incidentsSince).toBeUndefined()
    expect(now).toMatchObject({
      latencyMs: { n: 40, p50: 50, p90: 5_000, level: '5s' },
      endpointErrors: {
        ...{ count: 5, of: 50, share: 0.1, level: '10%', timedOut: 4 },
        refused: { decrypt_failed: 1, token_refused: 9, bad_signature: 0, malformed: 0, too_large: 0 },
      },
      clientErrors: { count: 4, of: 40, share: 0.1, level: '10%' },
      failed: { count: 1, of: 40 },
    })
  } finally {
    await other.stop()
  }
})

test('where refusals are no longer kept, endpoint errors are not known', async () => {
  const other = await startApi({ events: [] })
  try {
    const minutesAgo = [50, 40, 20, 10]
    const incidents = minutesAgo.map((minutes) => ({
      ...{ id: String(minutes), at: NOW - minutes * MINUTE, category: 'malformed' as const, flow: 'repair-booking' },
      ...{ detail: '', count: 30 },
    }))
    await other.app.store.addIncidents(incidents, 3)
    const { now, curve, incidentsSince } = await other.tell(healthResource, PATH)
    expect(incidentsSince).toBe(new Date(NOW - 40 * MINUTE + 1).toISOString())
    expect(now.endpointErrors).toMatchObject({ count: 60, of: 60, level: '50%' })
    const known = curve.filter(({ endpointErrors }) => endpointErrors !== null).map(({ at }) => at)
    // Of the half hour that begins after the oldest that is kept, five minutes on.
    expect(known[0]).toBe(new Date(NOW - 5 * MINUTE).toISOString())
    expect(known).toHaveLength(2)
  } finally {
    await other.stop()
  }
})
