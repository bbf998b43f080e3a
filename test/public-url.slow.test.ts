// A server that people reach below a path of an address they share, through a proxy that takes the path away and one that does not.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type App, createApp } from '../src/app.ts'
import { createLog } from '../src/lib/log.ts'
import { TOKEN } from './api-kit.ts'
import { addressesOf, createCookieClient, type Visited } from './cookie-client.ts'
import { clientOf, configWith, type Folder, makeFolder } from './kit.ts'
import { run } from './process.ts'
import { type Manner, type ReverseProxy, startReverseProxy } from './reverse-proxy.ts'

const FLOW = 'booking: { start: A, screens: { A: { fields: { x: { type: choice, in: [a, b] } }, next: B }, B: {} } }'
const PASSWORD = 'three blind mice'

let proxy: ReverseProxy
let folder: Folder
let app: App
let direct: string
afterEach(async () => {
  await app.stop()
  await proxy.close()
  await folder.remove()
})

async function start(publicPath: string, manner: Manner): Promise<string> {
  const base = publicPath.replace(/\/+$/, '')
  proxy = startReverseProxy(base, manner)
  const origin = `http://localhost:${proxy.port}`
  const more = `server: { public_url: "${origin}${publicPath}", trusted_proxies: 1 }\napi: { tokens: [${TOKEN}] }`
  folder = await makeFolder(configWith(FLOW, more))
  app = await createApp(await folder.load(), { log: createLog('silent') })
  const port = await app.listen(0)
  direct = `http://localhost:${port}`
  proxy.to(port)
  return `${origin}${base}`
}

/** The pages’ assets that were there. */
const seen = new Set<string>()

/** Everything the page leads to is below the path, and there. */
async function expectWhole(page: Visited, base: string): Promise<void> {
  expect(page.status).toBe(200)
  const addresses = addressesOf(page).map((address) => new URL(address, page.url))
  expect(addresses.length).toBeGreaterThan(5)
  for (const address of addresses) {
    expect(address.href).toStartWith(`${base}/`)
    if (!/\/assets\//.test(address.pathname) || seen.has(address.href)) continue
    seen.add(address.href)
    const asset = await fetch(address)
    expect([address.pathname, asset.status]).toEqual([address.pathname, 200])
  }
}

const comePeople = async (base: string) => {
  const client = clientOf(fetch, folder, base)
  for (const person of ['ada', 'bob']) {
    const init = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: person }
    expect((await client.send('booking', init)).status).toBe(200)
  }
  await app.settled()
}

/** The addresses of the overview. */
const ADMIN = /^\/admin(?:\/|\/overview)?$/

/** Some are those of our own addresses. */
const PATHS = ['/wa', '/wa/', '/a/b-c.d', '/admin', '/flows', '/api/'] as const
const cases = [
  ['/wa', 'slips'] as const,
  ...(['strips', 'passes'] as const).flatMap((manner) => PATHS.map((path) => [path, manner] as const)),
]

test.each(cases)('below %s, when the proxy %s, everything works', async (path, manner) => {
  const base = await start(path, manner)
  await comePeople(base)
  const visitor = createCookieClient()

  const setup = await visitor.go((await app.setupLink(base)) as string)
  expect(setup.url.href).toStartWith(`${base}/admin/setup?token=`)
  await expectWhole(setup, base)
  const overview = await visitor.submit(setup, /setup$/, { name: 'Ada', password: PASSWORD, again: PASSWORD })
  expect(overview.url.href.slice(base.length)).toMatch(ADMIN)
  await expectWhole(overview, base)
  const sessions = await visitor.follow(overview, /admin\/sessions$/)
  expect(sessions.url.href).toBe(`${base}/admin/sessions`)
  await expectWhole(sessions, base)
  const below = `${new URL(base).pathname}/admin`
  expect(visitor.cookies()).toMatchObject(['screentrail', 'screentrail-device'].map((name) => ({ name, path: below })))

  await expectWhole(await visitor.follow(sessions, /\/admin\/sessions\/[\w-]+$/), base)
  for (const area of [/incidents$/, /health$/]) await expectWhole(await visitor.follow(sessions, area), base)
  for (const way of ['', '/', '/admin', '/admin/'])
    expect((await visitor.go(`${base}${way}`)).url.href.slice(base.length)).toMatch(ADMIN)

  const partial = { 'hx-request': 'true', 'hx-request-type': 'partial' }
  const filtered = await visitor.go(`${base}/admin/sessions?token=ada`, { headers: partial })
  expect(filtered.headers.get('hx-push-url')).toBe(`${new URL(base).pathname}/admin/sessions?token=ada`)
  expect(filtered.text).not.toContain('<html')
  const exported = await visitor.follow(filtered, /export\/sessions/)
  expect(exported.headers.get('content-type')).toStartWith('text/csv')
  expect(exported.text.trim().split('\n')).toHaveLength(2)

  const out = await visitor.submit(sessions, /logout$/, {})
  expect(out.url.href).toBe(`${base}/admin/login`)
  expect(visitor.cookies().map(({ name }) => name)).toEqual(['screentrail-device'])
  const turnedAway = await visitor.go(`${base}/admin/incidents?category=malformed`)
  expect(turnedAway.url.pathname).toBe(`${new URL(base).pathname}/admin/login`)
  const back = await visitor.submit(turnedAway, /login$/, { name: 'Ada', password: PASSWORD })
  expect(back.url.href).toBe(`${base}/admin/incidents?category=malformed`)
  const lost = await visitor.go(`${base}/admin/nowhere`)
  expect(lost.status).toBe(404)
  for (const address of addressesOf(lost)) expect(address).toStartWith(`${new URL(base).pathname}/`)
})

describe.each(['strips', 'passes'] as const)('below /wa, when the proxy %s', (manner) => {
  let base: string
  beforeEach(async () => {
    base = await start('/wa', manner)
  })

  test('the endpoint, the probes and the API answer, and say where they are', async () => {
    await comePeople(base)
    for (const probe of ['/up', '/ready']) expect((await fetch(base + probe)).status).toBe(200)
    // What comes through a proxy is not from this machine.
    expect((await fetch(`${base}/metrics`)).status).toBe(403)
    const ask = async (path: string) => {
      const reply = await fetch(`${base}/api/v1${path}`, { headers: { authorization: `Bearer ${TOKEN}` } })
      return { status: reply.status, body: (await reply.json()) as { servers?: unknown; error?: { message: string } } }
    }
    expect((await ask('/openapi.json')).body.servers).toEqual([{ url: '/wa/api/v1' }])
    expect((await ask('/flows')).status).toBe(200)
    expect((await ask('/nowhere')).body.error?.message).toContain('/wa/api/v1/openapi.json')
    expect((await fetch(`${base}/nowhere`)).status).toBe(404)
  })

  test('who has no session yet is told the endpoint’s whole address', async () => {
    const visitor = createCookieClient()
    const setup = await visitor.go((await app.setupLink(base)) as string)
    const { text } = await visitor.submit(setup, /setup$/, { name: 'Ada', password: PASSWORD, again: PASSWORD })
    expect(text).toContain(`${base}/flows/booking`)
  })

  test('on the machine itself both addresses answer', async () => {
    await comePeople(direct)
    await comePeople(`${direct}/wa`)
    for (const path of ['/up', '/wa/up', '/assets/js/live.js', '/wa/assets/js/live.js', '/metrics', '/wa/metrics'])
      expect([path, (await fetch(direct + path)).status]).toEqual([path, 200])
    for (const path of ['/wax/up', '/wa/wa/up', '/wa/nowhere'])
      expect([path, (await fetch(direct + path)).status]).toEqual([path, 404])
  })

  test('simulate and check know it', async () => {
    const { stdout } = await run(['check'], folder.path)
    expect(stdout).toContain('/wa/flows/booking')
    const simulated = await run(['simulate', '--sessions', '2', '--url', `${base}/flows/booking`], folder.path)
    expect(simulated.code).toBe(0)
  })
})

describe('a public_url of which no links can be made', () => {
  test.each([
    ['https://ana:pa55word@x.example.com/wa', 'expected a URL without a user, a ? and a #'],
    ['https://x.example.com/wa?a=1', 'expected a URL without a user, a ? and a #'],
    ['https://x.example.com/w;a', 'expected a path of letters, digits and - _ . ~ %'],
    ['ftp://x.example.com/wa', 'expected a URL such as https://flows.example.com'],
  ])('%s', async (url, sentence) => {
    await start('/wa', 'passes')
    await Bun.write(folder.config, configWith(FLOW, `server: { public_url: "${url}" }`))
    const { code, stdout, stderr } = await run(['check'], folder.path)
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stdout + stderr).not.toMatch(/pa55word|ana:/)
  })
})
