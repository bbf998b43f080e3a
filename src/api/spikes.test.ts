// Hours that stand out, and whose hours they are, through the API.

import { describe, expect, test } from 'bun:test'
import { withApi } from '../../test/api-kit.ts'
import { page } from '../../test/numbers-page.ts'
import { answeredAt, BY_A_RULE, refusedAt } from '../../test/received.ts'
import { errorsResource } from './resources.ts'

describe('spikes', () => {
  const week = [...Array(10).keys()].flatMap((day) =>
    answeredAt(new Date(Date.UTC(2026, 1, 21 + day, 14, 20)).toISOString(), 3),
  )
  const now = [...answeredAt('2026-03-03T14:20:00Z', 5), ...answeredAt('2026-03-03T14:50:00Z', 5, BY_A_RULE)]
  const TUESDAY = '/flows/repair-booking/errors?from=2026-03-03&until=2026-03-03'

  test('the example of the page', () =>
    withApi({ events: [...week, ...now] }, async (api) => {
      const { spikes } = await api.tell(errorsResource, TUESDAY)
      expect(spikes).toHaveLength(1)
      expect(page).toContain(`**${spikes[0]?.sentence}**`)
      expect(spikes[0]).toMatchObject({
        from: '2026-03-03T14:00:00.000Z',
        until: '2026-03-03T15:00:00.000Z',
        category: 'validation',
        now: { count: 5, of: 10, share: 0.5 },
        before: { count: 0, of: 21, share: 0 },
      })
      expect(spikes[0]?.p).toBeCloseTo(252 / 169_911, 12)
      // The same where points are days.
      const month = await api.tell(errorsResource, '/flows/repair-booking/errors?from=2026-02-10&until=2026-03-03')
      expect([month.resolution, month.spikes]).toEqual(['day', spikes])
    }))

  test('an hour under way is not looked at until it is over', () =>
    withApi({ events: [...week, ...now], now: Date.parse('2026-03-03T14:59:59.999Z') }, async (api) => {
      expect((await api.tell(errorsResource, TUESDAY)).spikes).toEqual([])
      api.time.now++
      expect((await api.tell(errorsResource, TUESDAY)).spikes).toHaveLength(1)
    }))

  test('of refusals: a wrong key is told, but not of a version', () =>
    withApi({ events: [...week, ...answeredAt('2026-03-03T14:20:00Z', 10)] }, async (api) => {
      await api.app.store.addIncidents([refusedAt('2026-03-03T14:30:00Z', { count: 30 })], 10)
      const { spikes } = await api.tell(errorsResource, TUESDAY)
      expect(spikes.map(({ sentence }) => sentence)).toEqual([
        'could not be decrypted: 30 of 40 requests (75.0 %) between 14:00 and 15:00 on 2026-03-03, against 0 of 21 (0.0 %) at this hour of the 7 days before',
      ])
      expect((await api.tell(errorsResource, `${TUESDAY}&version=1f3a5c7e`)).spikes).toEqual([])
    }))
})

describe('hours by other clocks', () => {
  test('in Kolkata days are cut at midnight, half an hour into an hour of UTC', () => {
    const instants = ['2026-03-01T18:29:59Z', '2026-03-01T18:30:00Z', '2026-03-01T18:59:59Z', '2026-03-01T19:00:00Z']
    const events = [...instants, '2026-03-02T18:29:59Z', '2026-03-02T18:30:00Z'].flatMap((instant) =>
      answeredAt(instant, 1),
    )
    return withApi({ timezone: 'Asia/Kolkata', events }, async (api) => {
      await api.app.store.addIncidents([refusedAt('2026-03-01T18:29:59Z'), refusedAt('2026-03-01T18:30:00Z')], 10)
      const path = '/flows/repair-booking/errors?from=2026-03-02&until=2026-03-02'
      const { points, total } = await api.tell(errorsResource, path)
      expect(points).toHaveLength(25)
      expect(
        points
          .filter(({ answered }) => answered > 0)
          .map(({ from, until, answered, refused }) => [from, until, answered, refused?.decrypt_failed]),
      ).toEqual([
        ['2026-03-01T18:30:00.000Z', '2026-03-01T19:00:00.000Z', 2, 1],
        ['2026-03-01T19:00:00.000Z', '2026-03-01T20:00:00.000Z', 1, 0],
        ['2026-03-02T18:00:00.000Z', '2026-03-02T18:30:00.000Z', 1, 0],
      ])
      expect([total.answered, total.refused?.decrypt_failed]).toEqual([4, 1])
    })
  })

  test('when the clocks of New York go forward, nine in the morning is still held against nine in the morning', () => {
    // 9:00 there is 14:00 in UTC until Saturday, 7 March, and 13:00 from Sunday on.
    const before = [...Array(7).keys()].flatMap((day) =>
      answeredAt(new Date(Date.UTC(2026, 2, 1 + day, 14)).toISOString(), 10),
    )
    const events = [...before, ...answeredAt('2026-03-08T13:00:00Z', 20, BY_A_RULE)]
    return withApi({ timezone: 'America/New_York', events, now: Date.UTC(2026, 2, 20) }, async (api) => {
      const path = '/flows/repair-booking/errors?from=2026-03-08&until=2026-03-08'
      const { points, spikes } = await api.tell(errorsResource, path)
      expect([points.length, points[0]?.from, points.at(-1)?.until]).toEqual([
        23,
        '2026-03-08T05:00:00.000Z',
        '2026-03-09T04:00:00.000Z',
      ])
      expect(spikes.map(({ sentence }) => sentence)).toEqual([
        'validation: 20 of 20 requests (100.0 %) between 09:00 and 10:00 on 2026-03-08, against 0 of 70 (0.0 %) at this hour of the 7 days before',
      ])
    })
  })

  test('when they go back, the day has 25 hours', () =>
    withApi(
      { timezone: 'America/New_York', events: answeredAt('2026-11-01T06:30:00Z', 2), now: Date.UTC(2026, 11, 1) },
      async (api) => {
        const path = '/flows/repair-booking/errors?from=2026-11-01&until=2026-11-01'
        const { points } = await api.tell(errorsResource, path)
        expect([points.length, points[2]]).toMatchObject([25, { from: '2026-11-01T06:00:00.000Z', answered: 2 }])
      },
    ))
})
