// What the admin calls an hour of the day in Kolkata, whose midnight is half an hour into an hour of UTC.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Admin, enter, lostTrail, openAdmin } from '../../test/admin-kit.ts'

/** Midnight of Tuesday, 3 March, there. */
const MIDNIGHT = Date.parse('2026-03-02T18:30:00Z')
const MINUTE = 60_000
const DAY = 'from=2026-03-03&until=2026-03-03'

let admin: Admin
let cookie: string
beforeAll(async () => {
  admin = await openAdmin({ server: { timezone: 'Asia/Kolkata' } })
  await admin.seed([
    ...lostTrail('monday', MIDNIGHT - 1),
    ...lostTrail('00:00', MIDNIGHT),
    ...lostTrail('00:29', MIDNIGHT + 29 * MINUTE),
    ...lostTrail('00:30', MIDNIGHT + 30 * MINUTE),
    ...lostTrail('01:29', MIDNIGHT + 89 * MINUTE),
    ...lostTrail('01:30', MIDNIGHT + 90 * MINUTE),
    ...lostTrail('23:30', MIDNIGHT + (23 * 60 + 30) * MINUTE),
    ...lostTrail('23:59', MIDNIGHT + (23 * 60 + 59) * MINUTE),
  ])
  admin.time.now = MIDNIGHT + 72 * 60 * MINUTE
  cookie = (await enter(admin)).cookie
})
afterAll(() => admin.close())

const read = async (path: string) => (await admin.get(path, { cookie })).text()

test('groups by hour say when each began and ended, and hold who began then', async () => {
  const html = await read(`/admin/flows/repair-booking?${DAY}&by=hour`)
  const table = /The funnel of each group[\s\S]+?<\/table>/.exec(html)?.[0] ?? ''
  const rows = [...table.matchAll(/<th scope="row"[^>]*>([^<]+)<\/th><td[^>]*>(?:<[^>]+>)*(\d+)/g)]
  expect(rows.map(([, name, sessions]) => [name, sessions])).toEqual([
    ['00:00 to 00:30', '2'],
    ['00:30 to 01:30', '2'],
    ['01:30 to 02:30', '1'],
    ['23:30 to 00:00', '2'],
  ])
})

test.each([
  [0, 'began between 00:00 and 00:30', ['00:00', '00:29']],
  [0.5, 'began between 00:30 and 01:30', ['00:30', '01:29']],
  [23.5, 'began between 23:30 and 00:00', ['23:30', '23:59']],
])('a list of the hour %p says when that is, with days or without', async (hour, words, tokens) => {
  const html = await read(`/admin/sessions?${DAY}&hour=${hour}`)
  expect(html).toContain(`Remove the filter: ${words}"`)
  for (const token of ['00:00', '00:29', '00:30', '01:29', '01:30', '23:30', '23:59'])
    expect(html.includes(`>${token}<`)).toBe(tokens.includes(token))
  expect(await read(`/admin/sessions?hour=${hour}`)).toContain(`Remove the filter: ${words}"`)
})

test('what is known of an export says it, too', async () => {
  await read(`/admin/export/sessions?${DAY}&hour=0`)
  expect(await read('/admin/data')).toContain('from 2026-03-03, until 2026-03-03, began between 00:00 and 00:30')
})

test('errors by hour are labelled where days begin', async () => {
  const html = await read('/admin/flows/repair-booking/errors?from=2026-03-02&until=2026-03-05')
  const axis = /multiple-axis[\s\S]+?<\/svg>/.exec(html)?.[0] ?? ''
  expect([...axis.matchAll(/>([^<>]+)<\/text>/g)].map(([, label]) => label)).toEqual([
    '2 Mar 00:00',
    '3 Mar 00:00',
    '4 Mar 00:00',
    '5 Mar 00:00',
  ])
})
