// Numbers that have an age of their own, through the front door: they leave, and what is asked about their time says so.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { DAY_MS } from '../src/lib/units.ts'
import { configWith, type Running, startApp } from './kit.ts'
import { logIn } from './log-in.ts'
import { until } from './until.ts'

const FLOW = 'booking: { start: SERVICE, screens: { SERVICE: { complete: {} } } }'
const TOKEN = 'a-token-for-the-tests'
const CONFIG = `api: { tokens: [${TOKEN}] }\nretention: { events: 2d, sessions: 3d, rollups: 10d }`
const START = Date.UTC(2026, 2, 2, 9)
const dayAfter = (days: number) => new Date(START + days * DAY_MS).toISOString().slice(0, 10)

let running: Running
let now: number
beforeEach(async () => {
  now = START
  running = await startApp({ config: configWith(FLOW, CONFIG), clock: () => now })
  for (const days of [0, 1, 15]) {
    now = START + days * DAY_MS
    await running.client.send('booking', { version: '3.0', flow_token: `person ${days}`, action: 'INIT' })
  }
  await running.app.settled()
  await running.app.rolledUp()
  // By the day, the first one only is older than ten.
  now = START + 11.5 * DAY_MS
})
afterEach(() => running.stop())

const send = (path: string, init: RequestInit = {}) => running.app.handle(new Request(`http://localhost${path}`, init))
const ask = async (path: string) =>
  (await (await send(`/api/v1/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })).json()) as {
    removedBefore?: string
  }

test('are told of beforehand, leave with the job, and every answer about their time says since when there are any', async () => {
  const cookie = await logIn({ app: running.app, send })
  const page = async (path: string) => (await send(path, { headers: { cookie } })).text()
  const runJob = async (job: string, text: string) => {
    await send('/admin/data/run', {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ job }),
    })
    await until(`${job} has run`, async () => (await page('/admin/data')).includes(text))
  }
  const days = `from=${dayAfter(0)}&until=${dayAfter(15)}`
  const reports = ['trend', 'friction', 'paths', 'drivers', 'latency', 'quality', 'errors', 'payloads'].map(
    (name) => `flows/booking/${name}?${days}`,
  )
  const all = [...reports, `flows/booking/funnel?${days}&steps=SERVICE`, `overview?${days}`, `flows?${days}`]
  for (const path of all) expect(await ask(path)).not.toHaveProperty('removedBefore')
  expect(await page('/admin/data')).toContain('<dt>Numbers, added up by the hour</dt><dd>10 d</dd>')

  await runJob('retention-preview', 'The numbers of 1 hour from 2026-03-02T09:00:00.000Z to 2026-03-02T10:00:00.000Z.')
  expect((await ask(`flows/booking/trend?${days}`)) as object).toMatchObject({ total: { sessions: 3 } })
  await runJob('retention', 'Removed 2 events and 2 sessions; the numbers since 2026-03-03T00:00:00.000Z stay.')
  for (const path of all) expect(await ask(path)).toMatchObject({ removedBefore: '2026-03-03T00:00:00.000Z' })
  expect((await ask(`flows/booking/trend?${days}`)) as object).toMatchObject({ total: { sessions: 2 } })
  const since = `from=${dayAfter(1)}&until=${dayAfter(15)}`
  expect(await ask(`flows/booking/trend?${since}`)).not.toHaveProperty('removedBefore')
  // The period before is compared with.
  expect(await ask(`flows/booking/funnel?${since}&steps=SERVICE&compare=previous`)).toHaveProperty('removedBefore')

  for (const path of [`/admin/flows/booking?${days}`, `/admin?${days}`])
    expect(await page(path)).toContain('Numbers from before')
  expect(await page(`/admin/flows/booking?${since}`)).not.toContain('Numbers from before')
  expect(await page(`/admin/flows/booking?${since}&compare=previous`)).toContain('Numbers from before')
}, 60_000)
