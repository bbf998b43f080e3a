// Days, weekdays and hours are those of server.timezone, also where clocks are changed or differ from UTC by half an hour.

import { expect, test } from 'bun:test'
import { startApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { funnelResource } from './funnel.ts'
import { trendResource } from './resources.ts'
import { sessionsResource } from './sessions.ts'

/** Somebody opens the flow at each of these instants, and is not seen again. */
const opened = (instants: readonly string[]) =>
  instants.map((instant, index) =>
    eventOf({ token: `person ${index}`, at: Date.parse(instant), action: 'init', screen: '', next: 'SERVICE' }),
  )

type Case = {
  readonly timezone: string
  readonly instants: readonly string[]
  readonly from: string
  readonly until: string
  readonly bounds: readonly [string, string]
  readonly days: { readonly [day: string]: number }
  readonly weekdays: readonly (readonly [number, number])[]
  readonly hours: readonly (readonly [number, number])[]
}

const CASES: readonly (readonly [what: string, Case])[] = [
  [
    'New York loses an hour: its Sunday has 23, and no hour from two',
    {
      timezone: 'America/New_York',
      instants: [
        '2026-03-08T04:59:59.999Z', // Saturday, 23:59
        '2026-03-08T05:00:00.000Z', // Sunday, 0:00
        '2026-03-08T06:59:59.999Z', // 1:59, and then
        '2026-03-08T07:00:00.000Z', // 3:00
        '2026-03-09T03:59:59.999Z', // 23:59
        '2026-03-09T04:00:00.000Z', // Monday, 0:00
      ],
      from: '2026-03-07',
      until: '2026-03-08',
      bounds: ['2026-03-07T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
      days: { '2026-03-07': 1, '2026-03-08': 4 },
      weekdays: [
        [6, 1],
        [7, 4],
      ],
      hours: [
        [0, 1],
        [1, 1],
        [3, 1],
        [23, 2],
      ],
    },
  ],
  [
    'New York gains an hour: its Sunday has 25, and the hour from one is there twice',
    {
      timezone: 'America/New_York',
      instants: [
        '2026-11-01T03:59:59.999Z', // Saturday, 23:59
        '2026-11-01T04:00:00.000Z', // Sunday, 0:00
        '2026-11-01T05:30:00.000Z', // 1:30
        '2026-11-01T06:30:00.000Z', // 1:30 once more
        '2026-11-02T04:59:59.999Z', // 23:59
        '2026-11-02T05:00:00.000Z', // Monday, 0:00
      ],
      from: '2026-11-01',
      until: '2026-11-01',
      bounds: ['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
      days: { '2026-11-01': 4 },
      weekdays: [[7, 4]],
      hours: [
        [0, 1],
        [1, 2],
        [23, 1],
      ],
    },
  ],
  [
    'Kolkata is half an hour off: days begin at its midnight, with half an hour, and other hours when one begins in UTC',
    {
      timezone: 'Asia/Kolkata',
      instants: [
        '2026-03-01T18:29:59.999Z', // Sunday, 23:59
        '2026-03-01T18:30:00.000Z', // Monday, 0:00
        '2026-03-02T03:29:59.999Z', // 8:59
        '2026-03-02T03:30:00.000Z', // 9:00
        '2026-03-02T04:00:00.000Z', // 9:30
        '2026-03-02T18:29:59.999Z', // 23:59
        '2026-03-02T18:30:00.000Z', // Tuesday, 0:00
      ],
      from: '2026-03-02',
      until: '2026-03-02',
      bounds: ['2026-03-01T18:30:00.000Z', '2026-03-02T18:30:00.000Z'],
      days: { '2026-03-02': 5 },
      weekdays: [[1, 5]],
      hours: [
        [0, 1],
        [8.5, 2],
        [9.5, 1],
        [23.5, 1],
      ],
    },
  ],
]

test.each(CASES)('%s', async (_, { timezone, instants, from, until, bounds, days, weekdays, hours }) => {
  const api = await startApi({ timezone, events: opened(instants), now: Date.parse('2026-12-01T00:00:00Z') })
  try {
    const of = (resource: string) => `/flows/repair-booking/${resource}?from=${from}&until=${until}`
    const trend = await api.tell(trendResource, of('trend'))
    expect([trend.period.startsAt, trend.period.endsAt]).toEqual([...bounds])
    expect(Object.fromEntries(trend.days.map(({ day, sessions }) => [day, sessions]))).toEqual(days)
    // The same whether rollups answer, or the sessions one by one.
    for (const more of ['', '&window=1h']) {
      const by = async (what: string) => {
        const { breakdown } = await api.tell(funnelResource, `${of('funnel')}&by=${what}${more}`)
        return breakdown?.map(({ value, n }) => [value, n])
      }
      expect(await by('weekday')).toEqual(weekdays.map((pair) => [...pair]))
      expect(await by('hour')).toEqual(hours.map((pair) => [...pair]))
    }
    for (const [name, groups] of [
      ['weekday', weekdays],
      ['hour', hours],
    ] as const)
      for (const [value, count] of groups) {
        const { sessions } = await api.tell(sessionsResource, `/sessions?from=${from}&until=${until}&${name}=${value}`)
        expect(sessions).toHaveLength(count)
      }
  } finally {
    await api.stop()
  }
})
