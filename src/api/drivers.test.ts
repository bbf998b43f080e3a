// Drivers by when people began and in which version: forty people with it, of whom thirty leave, against forty others, of whom five do.

import { expect, test } from 'bun:test'
import { type Api, type ApiOptions, ofPage, withApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { sha256 } from '../lib/ids.ts'
import { SUCCESS, type TrailEvent } from '../trail/event.ts'
import { driversResource } from './drivers.ts'
import { sessionsResource } from './sessions.ts'

const MONDAY = Date.UTC(2026, 2, 2, 9)
const HOUR = 3_600_000

type Crowd = { readonly name: string; readonly at: number; readonly version: string; readonly leave: number }

/** Forty people, half a minute apart: the first `leave` are lost on DATE, the others complete from there. */
function eventsOf({ name, at, version, leave }: Crowd): TrailEvent[] {
  return Array.from({ length: 40 }, (_, index) => {
    const token = `${name} ${index}`
    const said: Partial<TrailEvent>[] = [
      { action: 'init', screen: '', next: 'SERVICE' },
      { screen: 'SERVICE', next: 'DATE' },
      ...(index < leave ? [] : [{ screen: 'DATE', next: SUCCESS, outcome: 'completed' } as const]),
    ]
    return said.map((each, step) =>
      eventOf({ ...each, id: sha256(`${token} ${step}`), token, version, at: at + index * 30_000 + step * 5_000 }),
    )
  }).flat()
}

async function behind(api: Api, link: string): Promise<string[]> {
  const { sessions, next } = await api.tell(sessionsResource, `${link.replace('/api/v1', '')}&limit=1000`)
  expect(next).toBeUndefined()
  return sessions.map(({ token }) => token).sort()
}

test.each<[sentence: string, others: Partial<Crowd>, options: ApiOptions, query: string, at?: number]>([
  ['on a Monday', { at: MONDAY + 24 * HOUR }, {}, 'weekday=1'],
  ['when they began between 09:00 and 10:00', { at: MONDAY + 5 * HOUR }, {}, 'hour=9'],
  ['when they began between 14:30 and 15:30', { at: MONDAY + 5 * HOUR }, { timezone: 'Asia/Kolkata' }, 'hour=14.5'],
  [
    'when they began between 00:00 and 00:30',
    { at: MONDAY + 20 * HOUR },
    { timezone: 'Asia/Kolkata' },
    'hour=0',
    MONDAY + 9.5 * HOUR,
  ],
  ['in version first', { version: 'second' }, {}, 'version=first'],
])('%s', async (sentence, others, options, query, at = MONDAY) => {
  const began = { at, version: 'first' }
  const events = [
    ...eventsOf({ ...began, name: 'ones', leave: 30 }),
    ...eventsOf({ ...began, name: 'others', leave: 5, ...others }),
  ]
  await withApi({ ...options, events }, async (api) => {
    const { drivers } = await api.tell(driversResource, ofPage('drivers'))
    expect(drivers).toHaveLength(1)
    const [driver] = drivers
    // 30 of 40 against 5 of 40.
    expect(driver?.sentence).toBe(`6.0× as likely to leave DATE ${sentence} (n = 40)`)
    expect(driver).toMatchObject({ screen: 'DATE', n: 40, lost: 30, others: 40, othersLost: 5, ratio: 6 })
    expect(driver?.sessions).toEndWith(`&${query}`)
    expect(await behind(api, String(driver?.sessions))).toEqual(
      Array.from({ length: 30 }, (_, index) => `ones ${index}`).sort(),
    )
  })
})
