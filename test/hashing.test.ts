// Values that come of age, through the front door: sent by a phone, hashed by the job that a person starts on the Data page.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../src/lib/json.ts'
import { DAY_MS } from '../src/lib/units.ts'
import { pseudonymOf } from '../src/privacy/pseudonym.ts'
import { filesWith } from './at-rest.ts'
import { configWith, type Running, startApp } from './kit.ts'
import { logIn } from './log-in.ts'
import { until } from './until.ts'

const FLOW = `
booking:
  start: SERVICE
  screens:
    SERVICE: { fields: { service: { type: choice, in: [emergency, routine] } }, next: CONTACT }
    CONTACT:
      fields:
        name: { type: text, keep: keep }
        town: { type: choice, keep: keep }
        born: { type: date, keep: keep, hash_after: 30d }
      complete: {}
`
const RAW = ['Anneliese Marker-Name', 'Marker-Town upon Sea']
const START = Date.UTC(2026, 2, 2, 9)

const TOKEN = 'a-token-for-the-tests'

let running: Running
let now = START
let cookie: string
beforeAll(async () => {
  running = await startApp({
    config: configWith(FLOW, `privacy: { hash_after: 7d }\nserver: { metrics_token: ${TOKEN} }`),
    clock: () => now,
  })
})
afterAll(() => running.stop())

const send = (path: string, init: RequestInit = {}) => running.app.handle(new Request(`http://localhost${path}`, init))
const runNow = () =>
  send('/admin/data/run', {
    method: 'POST',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ job: 'hash' }),
  })
const dataPage = async () => (await send('/admin/data', { headers: { cookie } })).text()
const inFiles = (text: string) => filesWith(join(running.folder.path, 'data'), text)
const inputs = async (): Promise<readonly JsonObject[]> =>
  (await running.app.store.events({ limit: 100 })).items.map(({ input }) => input)

test('are in the data folder before, and in none of its files afterwards; the numbers stay', async () => {
  for (let person = 0; person < 40; person++) {
    now += 1_000
    const token = `person-${person}`
    await running.client.send('booking', { version: '3.0', action: 'INIT', flow_token: token })
    const submit = (screen: string, data: JsonObject) =>
      running.client.send('booking', { version: '3.0', action: 'data_exchange', flow_token: token, screen, data })
    await submit('SERVICE', { service: 'routine' })
    await submit('CONTACT', { name: `${RAW[0]} ${person}`, town: `${RAW[1]} ${person}`, born: '1968-11-12' })
  }
  await running.app.settled()
  await running.app.rolledUp()
  for (const raw of RAW) expect(await inFiles(raw)).not.toEqual([])
  const ask = async () => {
    const day = { flow: 'booking', from: '2026-03-02', until: '2026-03-03' }
    return JSON.stringify([
      await running.app.report('funnel', day, START + 40 * DAY_MS),
      await running.app.report('paths', day, START + 40 * DAY_MS),
    ])
  }
  const before = await ask()

  now = START + 8 * DAY_MS
  cookie = await logIn({ app: running.app, send })
  expect((await runNow()).headers.get('location')).toBe('/admin/data')
  await until('the job has ended', async () => (await dataPage()).includes('became pseudonyms.'))
  await running.app.rolledUp()
  // The rollups had the towns, and their log goes when the job looks next.
  await runNow()
  await until('the job has ended again', async () => (await dataPage()).includes('No value has come of age.'))

  for (const raw of RAW) expect(await inFiles(raw)).toEqual([])
  expect(await ask()).toBe(before)
  const key = (await readFile(join(running.folder.path, 'keys/pseudonym.key'), 'utf8')).trim()
  expect((await inputs()).filter((input) => 'name' in input)).toContainEqual({
    name: { $hash: pseudonymOf(`${RAW[0]} 7`, key) },
    town: { $hash: pseudonymOf(`${RAW[1]} 7`, key) },
    born: '1968-11-12',
  })
  expect(
    JSON.stringify((await running.app.store.sessions({ limit: 99, now, lostAfterMs: DAY_MS })).items),
  ).not.toContain('Marker')
  const [entry] = await running.app.store.audits(1, ['job_run'])
  expect(entry).toMatchObject({ who: 'ada', what: 'job_run' })

  const metrics = await (await send('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })).text()
  expect(metrics).toMatch(/^screentrail_job_runs_total\{job="hash",outcome="ok"\} 2$/m)
  expect(metrics).toMatch(/^screentrail_job_rows_total\{job="hash"\} 40$/m)
  expect(metrics).toMatch(/^screentrail_job_last_success_timestamp_seconds\{job="hash"\} 1\d{9}/m)
}, 60_000)
