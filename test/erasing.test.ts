// Handing out and erasing one person through the front door: on the Data page, and by the API.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rulebookOf } from '../src/config/session-rules.ts'
import { createErasure } from '../src/erasure/erasure.ts'
import { createLog } from '../src/lib/log.ts'
import { DAY_MS } from '../src/lib/units.ts'
import { openStore } from '../src/store/open.ts'
import { SEGMENT_EVENTS } from '../src/store/segment.ts'
import { eventOf } from './arbitrary-events.ts'
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
        phone: { type: phone }
      complete: {}
`
const START = Date.UTC(2026, 2, 2, 9)
const TOKEN = 'a-token-for-the-tests'
const PHONE = '+351 912 345 678'

let running: Running
let now: number
beforeEach(async () => {
  now = START
  running = await startApp({ config: configWith(FLOW, `api: { tokens: [${TOKEN}] }`), clock: () => now })
  await visit('token-of-anneliese', 'Anneliese Marker', PHONE)
  await visit('token-of-grace', 'Grace Hopper', '+351 911 111 111')
  await running.app.settled()
  now += DAY_MS
})
afterEach(() => running.stop())

async function visit(token: string, name: string, phone: string): Promise<void> {
  now += 60_000
  const request = { version: '3.0', flow_token: token }
  const submit = (screen: string, data: { [name: string]: string }) =>
    running.client.send('booking', { ...request, action: 'data_exchange', screen, data })
  await running.client.send('booking', { ...request, action: 'INIT' })
  await submit('SERVICE', { service: 'routine' })
  await submit('CONTACT', { name, phone })
}

const send = (path: string, init: RequestInit = {}) => running.app.handle(new Request(`http://localhost${path}`, init))

const call = (path: string, body: unknown, token = TOKEN) =>
  send(`/api/v1/person/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const tokens = async () => [...new Set((await running.app.store.events({ limit: 99 })).items.map(({ token }) => token))]

const inFiles = (text: string) => filesWith(join(running.folder.path, 'data'), text)

const isErased = async () => (await running.app.store.audits(1, ['person_erased'])).length > 0

test('by the API: told, handed out, and erased with the number of sessions; the ledger balances', async () => {
  const told = await call('erase', { value: '351912345678' })
  expect([told.status, await told.json()]).toMatchObject([
    200,
    { tokens: 1, sessions: 1, events: 3, archivedEvents: 0 },
  ])
  const handed = (await (await call('export', { value: PHONE })).json()) as {
    tokens: { flow_token: string; events: { input_values: object }[]; sessions: object[] }[]
  }
  expect(handed).toMatchObject({
    tokens: [{ flow: 'booking', flow_token: 'token-of-anneliese' }],
    shared: [],
    archive: [],
  })
  expect(handed.tokens[0]?.events.map(({ input_values }) => input_values)).toContainEqual({
    name: 'Anneliese Marker',
    phone: { $hash: expect.stringMatching(/^h:/) },
  })
  expect(handed.tokens[0]?.sessions).toHaveLength(1)

  expect((await call('erase', { value: PHONE, sessions: 2 })).status).toBe(409)
  expect(await tokens()).toHaveLength(2)
  expect((await call('erase', { value: PHONE, sessions: 1 })).status).toBe(202)
  await until('it is erased', isErased)
  expect(await tokens()).toEqual(['token-of-grace'])
  for (const text of ['token-of-anneliese', 'Anneliese', '912 345', '351912345678'])
    await until(`no file has ${text}`, async () => (await inFiles(text)).length === 0)
  const audits = await running.app.store.audits(9, ['person_exported', 'person_erased'])
  expect(audits.map(({ who, what }) => [who, what])).toEqual([
    ['token 1', 'person_erased'],
    ['token 1', 'person_exported'],
  ])
  // They come again, and that stays.
  now += DAY_MS
  await visit('token-of-anneliese', 'Anneliese Marker', PHONE)
  await running.app.settled()
  expect(await tokens()).toEqual(['token-of-grace', 'token-of-anneliese'])
  expect(await running.app.ledger()).toMatchObject({ received: 9, stored: 9, waiting: 0 })
}, 60_000)

test('who listed and exported them by their token leaves no token behind, but the name that the API has for them', async () => {
  const filter = '?flow=booking&token=token-of-anneliese'
  const listed = await send(`/api/v1/sessions${filter}`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect((await listed.json()).sessions).toHaveLength(1)
  const cookie = await logIn({ app: running.app, send })
  for (const what of ['sessions', 'events']) {
    const exported = await send(`/admin/export/${what}${filter}&format=ndjson`, { headers: { cookie } })
    expect(await exported.text()).toContain('token-of-anneliese')
  }
  const told = (await (await call('erase', { token: 'token-of-anneliese' })).json()) as { person: string }
  expect((await call('erase', { token: 'token-of-anneliese', sessions: 1 })).status).toBe(202)
  await until('it is erased', isErased)
  await until('no file has the token', async () => (await inFiles('token-of-anneliese')).length === 0)

  const audits = await running.app.store.audits(9)
  const ended = expect.stringContaining(`flow booking, flow token ${told.person}: 1 row`)
  expect(audits.map(({ what, detail }) => [what, detail])).toEqual(
    expect.arrayContaining([
      ['person_erased', expect.stringContaining(told.person)],
      ['export_ended', ended],
      ['export_sessions', `ndjson, ?flow=booking&token=${told.person}`],
      ['export_events', `ndjson, ?flow=booking&token=${told.person}`],
      ['api_sessions', `?flow=booking&token=${told.person}`],
    ]),
  )
  const page = await send('/admin/data', { headers: { cookie } })
  expect(await page.text()).toContain(`flow booking, flow token ${told.person}`)
}, 60_000)

test('what another process, such as `import`, had read before the tombstone was there, is erased with the rest', async () => {
  const loaded = await running.folder.load()
  const { config, flows } = loaded
  const store = await openStore(config.store.uri, createLog('silent'))
  try {
    const journalFile = config.journal.file
    const beside = createErasure({ store, key: 'any', flows, journalFile, clock: () => now })
    const late = eventOf({ flow: 'booking', token: 'token-of-anneliese', at: now - 1 })
    const read = await beside.sift([late])
    expect((await call('erase', { token: 'token-of-anneliese', sessions: 1 })).status).toBe(202)
    await until('the tombstone is written', () => existsSync(join(journalFile, '../erasures.ndjson')))
    // A batch takes up to two seconds.
    await Bun.sleep(1_000)
    await store.record(read, rulebookOf(loaded))
    await until('it is erased', isErased)
    expect(await tokens()).toEqual(['token-of-grace'])
  } finally {
    await store.close()
  }
}, 60_000)

test('the API refuses what is no person with a sentence that does not quote it, and whoever has no token', async () => {
  for (const body of [
    'no JSON',
    [],
    {},
    { value: 'Secret Name', token: 'x' },
    { value: 7 },
    { value: PHONE, more: 1 },
  ]) {
    const reply = await call('erase', body)
    const text = await reply.text()
    expect([reply.status, JSON.parse(text).error.code]).toEqual([400, 'bad_body'])
    expect(text).not.toContain('Secret')
  }
  expect(await (await call('erase', { token: 'unused' })).json()).toMatchObject({
    error: { message: expect.stringContaining('what Meta sends for everybody') },
  })
  for (const flow of ['nowhere', ''])
    for (const [path, body] of [
      ['export', { value: PHONE, flow }],
      ['erase', { value: PHONE, flow, sessions: 0 }],
    ] as const)
      expect(await (await call(path, body)).json()).toMatchObject({
        error: { message: `Not a person: there is no flow ${JSON.stringify(flow)}; there is booking.` },
      })
  expect((await call('export', { value: 'x'.repeat(20_000) })).status).toBe(400)
  expect((await call('erase', { value: PHONE, sessions: 1 }, 'another-token-that-is-wrong')).status).toBe(401)
  expect(await tokens()).toHaveLength(2)
})

test('on the Data page: looked for, downloaded, and erased by who types the number of sessions', async () => {
  const cookie = await logIn({ app: running.app, send })
  const post = (path: string, form: { readonly [name: string]: string }) =>
    send(path, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(form),
    })
  const page = async (path = '/admin/data') => (await send(path, { headers: { cookie } })).text()
  expect(await page()).toContain('Look for it')
  const looked = await (await post('/admin/data/person', { by: 'value', text: PHONE, flow: '' })).text()
  expect(looked).toContain('There is 1 session and 3 events, under 1 flow token.')
  for (const text of ['912 345', '351912345678']) expect(looked).not.toContain(text)
  const person = unescaped(/name="person" value="([^"]*)"/.exec(looked)?.[1] ?? '')

  const download = await post('/admin/data/person/export', { person })
  expect(download.headers.get('content-disposition')).toStartWith('attachment; filename="person-')
  expect(await download.json()).toMatchObject({ tokens: [{ flow_token: 'token-of-anneliese' }] })

  const damaged = person.replace(/"hashes":\["/, '$&x')
  for (const path of ['export', 'erase'])
    expect((await post(`/admin/data/person/${path}`, { person: damaged, sessions: '0' })).headers.get('location')).toBe(
      '/admin/data?person=form#person',
    )
  expect(await (await post('/admin/data/person/erase', { person, sessions: '7' })).text()).toContain(
    'Nothing was erased: there are 1 sessions.',
  )
  expect(await tokens()).toHaveLength(2)
  expect((await post('/admin/data/person/erase', { person, sessions: '1' })).headers.get('location')).toBe(
    '/admin/data',
  )
  await until('it is erased', isErased)
  expect(await tokens()).toEqual(['token-of-grace'])
  expect(await page()).toContain('Erased 3 events and 1 session.')
  expect((await running.app.store.audits(1, ['person_erased']))[0]?.who).toBe('ada')

  expect(await page()).toContain('/data/erasures.ndjson</code>')

  const rules = rulebookOf(await running.folder.load())
  for (let from = 0; from <= SEGMENT_EVENTS; from += 500)
    await running.app.store.record(
      Array.from({ length: 500 }, (_, index) =>
        eventOf({ flow: 'booking', token: 'campaign', at: START + from + index, input: { index } }),
      ),
      rules,
    )
  const shared = await post('/admin/data/person', { by: 'token', text: 'campaign', flow: '' })
  expect(shared.headers.get('location')).toBe('/admin/data?person=shared#person')
  expect(await page('/admin/data?person=shared')).toContain('Many people share this token')

  const wrong = await post('/admin/data/person', { by: 'pseudonym', text: 'h:short', flow: '' })
  expect(wrong.headers.get('location')).toBe('/admin/data?person=nobody#person')
  expect(await page('/admin/data?person=nobody')).toContain('No such person')
  const stranger = await send('/admin/data/person/erase', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ person, sessions: '1' }),
  })
  expect(stranger.headers.get('location')).toContain('/admin/login')
}, 60_000)

const unescaped = (html: string): string => html.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
