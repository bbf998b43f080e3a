// Sessions that retention removes, through the front door: a list says so where it would have had some of them, and nowhere else.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { DAY_MS } from '../src/lib/units.ts'
import { configWith, type Running, startApp } from './kit.ts'
import { logIn } from './log-in.ts'
import { until } from './until.ts'

const SCREENS = 'start: SERVICE, screens: { SERVICE: { complete: {} } }'
const FLOWS = `booking: { ${SCREENS} }\nfeedback: { ${SCREENS} }`
const TOKEN = 'a-token-for-the-tests'
const CONFIG = `api: { tokens: [${TOKEN}] }\nretention: { events: 2d, sessions: 3d, rollups: 10d }`
const START = Date.UTC(2026, 2, 2, 9)

let running: Running
let now: number
let cookie: string
beforeEach(async () => {
  now = START
  running = await startApp({ config: configWith(FLOWS, CONFIG), clock: () => now })
  await running.client.send('booking', { version: '3.0', flow_token: 'ada', action: 'INIT' })
  await running.app.settled()
  await running.app.rolledUp()
})
afterEach(() => running.stop())

const send = (path: string, init: RequestInit = {}) => running.app.handle(new Request(`http://localhost${path}`, init))
const page = async (path: string) => (await send(path, { headers: { cookie } })).text()
const ask = async (path: string) =>
  (await (await send(`/api/v1/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })).json()) as object

/** Runs the job as the page *Data* does. */
async function removeOld(text: string) {
  cookie = await logIn({ app: running.app, send })
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  await send('/admin/data/run', { method: 'POST', headers, body: new URLSearchParams({ job: 'retention' }) })
  await until('retention has run', async () => (await page('/admin/data')).includes(text))
}

const LISTS = ['', 'flow=booking', 'from=2026-01-01', 'from=2026-01-01&until=2026-03-02']
const OTHER_LISTS = ['flow=feedback', 'from=2026-03-03', 'from=2026-01-01&until=2026-03-01']
const SCAN = 'flows/booking/funnel?from=2026-02-01&until=2026-03-02&steps=SERVICE&window=1h'
const isTold = async (list: string) => [
  (await page(`/admin/sessions?${list}`)).includes('have been removed'),
  'removedBefore' in (await ask(`sessions?${list}`)),
]

test('a run that removed nothing is told nowhere', async () => {
  await removeOld('Nothing is too old.')
  for (const list of [...LISTS, ...OTHER_LISTS]) expect([list, await isTold(list)]).toEqual([list, [false, false]])
  expect(await ask(SCAN)).not.toHaveProperty('removedBefore')
  const days = 'from=2026-01-01&until=2026-03-02'
  expect(await ask(`flows/booking/trend?${days}`)).not.toHaveProperty('removedBefore')
  expect(await page(`/admin/flows/feedback?${days}`)).toContain('Nobody has opened this flow yet')
}, 60_000)

test('what was removed is told where it would be listed', async () => {
  now = START + 4 * DAY_MS
  await removeOld('Removed 1 event and 1 session; all numbers stay.')
  for (const list of LISTS) expect([list, await isTold(list)]).toEqual([list, [true, true]])
  for (const list of OTHER_LISTS) expect([list, await isTold(list)]).toEqual([list, [false, false]])
  expect(await ask(SCAN)).toHaveProperty('removedBefore')
}, 60_000)

test('once their numbers have left, too, nobody knows whose they were', async () => {
  now = START + 12 * DAY_MS
  await removeOld('Removed 1 event and 1 session; the numbers since 2026-03-04T00:00:00.000Z stay.')
  for (const list of LISTS) expect([list, await isTold(list)]).toEqual([list, [true, true]])
  expect(await isTold('from=2026-03-04')).toEqual([false, false])
}, 60_000)
