// What went wrong, through the API: the figures of docs/numbers.md, and where less is known.

import { describe, expect, test } from 'bun:test'
import { ofPage, withApi } from '../../test/api-kit.ts'
import { NOW, page } from '../../test/numbers-page.ts'
import { answeredAt, BY_A_RULE, refusedAt } from '../../test/received.ts'
import { errorsResource } from './resources.ts'

const MINUTE = 60_000

const NONE_REFUSED = { decrypt_failed: 0, bad_signature: 0, token_refused: 0, malformed: 0, too_large: 0 }

describe('the twenty sessions', () => {
  test('hour by hour, and one by one', () =>
    withApi({}, async (api) => {
      const { resolution, points, total, breakdown, spikes, incidentsSince } = await api.tell(
        errorsResource,
        ofPage('errors'),
      )
      expect([resolution, points.length, incidentsSince]).toEqual(['hour', 48, undefined])
      const busy = points.filter(({ answered }) => answered > 0)
      expect(busy).toHaveLength(3)
      for (const { from, answered, errors, refused } of busy) {
        const { validation, client, upstream, internal } = errors
        const cells = [from.slice(0, 16).replace('T', ' '), answered, 0, validation, client, upstream, internal]
        expect(page).toContain(`| ${cells.join(' | ')} |`)
        expect(refused).toEqual(NONE_REFUSED)
      }
      expect(total).toMatchObject({ answered: 71, errors: { validation: 3, internal: 0 }, refused: NONE_REFUSED })
      expect(breakdown.validation).toHaveLength(2)
      for (const { screen, field, rule, n } of breakdown.validation)
        expect(page).toContain(`| ${[screen, field, rule, n].join(' | ')} |`)
      expect(spikes).toEqual([])
    }))

  test('of one version, what is refused is not known', () =>
    withApi({}, async (api) => {
      await api.app.store.addIncidents([refusedAt('2026-03-02T09:30:00Z')], 10)
      const of = async (version: string) => api.tell(errorsResource, ofPage('errors', `version=${version}`))
      const { points, total } = await of('1f3a5c7e')
      expect([total.answered, total.refused]).toEqual([71, null])
      for (const { refused } of points) expect(refused).toBeNull()
      expect((await of('none')).total).toMatchObject({ answered: 0, errors: { validation: 0 }, refused: null })
    }))

  test('over more than 14 days, day by day', () =>
    withApi({}, async (api) => {
      await api.app.store.addIncidents([refusedAt('2026-03-03T09:30:00Z', { count: 7 })], 10)
      const of = async (from: string, until: string) =>
        api.tell(errorsResource, `/flows/repair-booking/errors?from=${from}&until=${until}`)
      const { resolution, points, total } = await of('2026-02-17', '2026-03-03')
      expect([resolution, points.length]).toEqual(['day', 15])
      expect(
        points
          .slice(-2)
          .map(({ from, until, answered, errors, refused }) => [
            ...[from, until, answered, errors.validation, refused?.decrypt_failed],
          ]),
      ).toEqual([
        ['2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z', 40, 3, 0],
        ['2026-03-03T00:00:00.000Z', '2026-03-04T00:00:00.000Z', 31, 0, 7],
      ])
      expect(total).toMatchObject({ answered: 71, refused: { decrypt_failed: 7 } })
      const { resolution: shorter, points: hours } = await of('2026-02-18', '2026-03-03')
      expect([shorter, hours.length]).toEqual(['hour', 14 * 24])
    }))
})

test('hours and days are told as far as they have begun, and the one under way says so', () =>
  withApi({ now: NOW + 30 * MINUTE, events: answeredAt('2026-03-04T12:10:00Z', 6, BY_A_RULE) }, async (api) => {
    const today = await api.tell(errorsResource, '/flows/repair-booking/errors?from=2026-03-04&until=2026-03-05')
    expect(today.points).toHaveLength(13)
    expect(today.points.slice(-2)).toMatchObject([
      { from: '2026-03-04T11:00:00.000Z', isPartial: false, answered: 0 },
      { from: '2026-03-04T12:00:00.000Z', until: '2026-03-04T13:00:00.000Z', isPartial: true, answered: 6 },
    ])
    const { points } = await api.tell(errorsResource, '/flows/repair-booking/errors')
    expect([points.length, points.at(-1)]).toMatchObject([
      28,
      { from: '2026-03-04T00:00:00.000Z', until: '2026-03-05T00:00:00.000Z', isPartial: true, answered: 6 },
    ])
    const later = await api.tell(errorsResource, '/flows/repair-booking/errors?from=2026-04-01&until=2026-04-02')
    expect([later.points, later.total.answered]).toEqual([[], 0])
  }))

test('a flow that nobody came to has nothing wrong', () =>
  withApi({ events: [] }, async (api) => {
    const { total, breakdown, spikes, points } = await api.tell(errorsResource, ofPage('errors'))
    const errors = { validation: 0, client: 0, upstream: 0, internal: 0 }
    expect([total, points.length]).toEqual([{ answered: 0, errors, refused: NONE_REFUSED }, 48])
    expect([breakdown, spikes]).toEqual([{ validation: [], client: [], upstream: [], internal: [] }, []])
  }))

test('every kind of error is told where it was', () => {
  const errors = [
    { code: 'client:payload-schema-error' },
    { code: 'upstream_timeout', field: 'slots' },
    { code: 'expression_failed', field: 'price' },
    { code: 'no_next' },
    { code: 'reply_large' },
  ]
  return withApi({ events: answeredAt('2026-03-02T09:00:00Z', 2, { screen: 'DATE', errors }) }, async (api) => {
    const { total, breakdown } = await api.tell(errorsResource, ofPage('errors'))
    expect(total.errors).toEqual({ validation: 0, client: 2, upstream: 2, internal: 2 })
    expect(breakdown).toEqual({
      validation: [],
      client: [{ screen: 'DATE', key: 'payload-schema-error', n: 2 }],
      upstream: [{ screen: 'DATE', source: 'slots', code: 'upstream_timeout', n: 2 }],
      internal: [
        { screen: 'DATE', code: 'expression_failed', field: 'price', n: 2 },
        { screen: 'DATE', code: 'no_next', n: 2 },
      ],
    })
  })
})

describe('requests that are refused', () => {
  test('are those of the flow, each summary for what it stands for', () =>
    withApi({}, async (api) => {
      await api.app.store.addIncidents(
        [
          refusedAt('2026-03-02T09:59:59.999Z'),
          refusedAt('2026-03-02T10:00:00Z', { category: 'malformed', count: 70 }),
          refusedAt('2026-03-02T10:00:01Z', { flow: 'another' }),
          refusedAt('2026-03-02T10:00:02Z', { category: 'unknown_flow' }),
          refusedAt('2026-03-01T10:00:00Z'),
        ],
        10,
      )
      const { points, total } = await api.tell(errorsResource, ofPage('errors'))
      expect(points.slice(9, 11).map(({ answered, refused }) => [answered, refused])).toEqual([
        [40, { ...NONE_REFUSED, decrypt_failed: 1 }],
        [0, { ...NONE_REFUSED, malformed: 70 }],
      ])
      expect(total.refused).toEqual({ ...NONE_REFUSED, decrypt_failed: 1, malformed: 70 })
    }))

  test('are not said to have been none where they are no longer kept', () =>
    withApi({}, async (api) => {
      const times = [8, 9, 10, 11].map((hour) => `2026-03-02T${String(hour).padStart(2, '0')}:30:00.000Z`)
      await api.app.store.addIncidents(
        times.map((time) => refusedAt(time)),
        2,
      )
      const { points, total, incidentsSince } = await api.tell(errorsResource, ofPage('errors'))
      expect(incidentsSince).toBe('2026-03-02T10:30:00.001Z')
      expect(points.slice(8, 13).map(({ refused }) => refused?.decrypt_failed ?? null)).toEqual([
        null,
        null,
        null,
        1,
        0,
      ])
      expect([total.answered, total.refused]).toEqual([71, null])
      const tuesday = '/flows/repair-booking/errors?from=2026-03-03&until=2026-03-03'
      expect((await api.tell(errorsResource, tuesday)).incidentsSince).toBeUndefined()
    }))
})
