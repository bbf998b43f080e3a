// An endpoint that is there already, behind a tap.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { clientOf, makeFolder } from '../../test/kit.ts'
import { startTapped, type Tapped } from '../../test/tap-kit.ts'
import { createApp } from '../app.ts'
import { generateFlowKey } from '../config/generate-keys.ts'
import type { JsonObject } from '../lib/json.ts'
import { createLog } from '../lib/log.ts'
import type { ReportOf } from '../report/reports.ts'
import { sealRequest, signBody } from '../simulate/client.ts'

const tapOf = (url: string, more = '') => `tap: { url: "${url}/flows/booking", timeout: 300ms${more} }`
const configAt = (url: string) => `
bare:
  ${tapOf(url)}
told:
  ${tapOf(url)}
  screens:
    SERVICE: { fields: { service: { type: choice, in: [fix, new], required: true } } }
    CONTACT: { fields: { name: { type: text, required: true, keep: mask } } }
    DONE: {}
gone:
  tap: { url: "http://127.0.0.1:9/flow" }
compared:
  ${tapOf(url, ', compare: true')}
  start: SERVICE
  tokens: { accept: "token != 'gone'" }
  apis: { orders: { url: "http://127.0.0.1:9/orders", method: POST } }
  screens:
    SERVICE:
      data: { services: [{ id: fix, title: Repair }, { id: new, title: New }] }
      fields: { service: { type: choice, in: [fix, new], required: true, message: Pick one } }
      next: CONTACT
    CONTACT:
      data: { chosen: "the {{ known.service }}" }
      fields: { name: { type: text, required: true } }
      do: { orders: {} }
      next: DONE
    DONE: { complete: { ref: B-2 } }
`

let tapped: Tapped
let { app, client, there, person, answer, asked } = {} as Tapped
beforeAll(async () => {
  tapped = await startTapped(configAt)
  ;({ app, client, there, person, answer, asked } = tapped)
})
afterAll(() => tapped.stop())
beforeEach(() => {
  asked.length = 0
  answer(undefined)
})

const incidents = async (flow: string) => {
  await app.settled()
  return (await app.store.incidents({ limit: 50 })).items.filter((each) => each.flow === flow)
}

describe('what passes', () => {
  const sealed = (request: JsonObject) => sealRequest(request, there.folder.publicKey, there.folder.appSecret)

  test('the reply is the one that the endpoint gives, byte for byte, and so is what it got', async () => {
    const { body, headers } = sealed({ version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'same' })
    const odd = body.replace('{', '{ ').replaceAll('/', String.raw`\/`)
    const signed = {
      ...headers,
      'x-hub-signature-256': signBody(odd, there.folder.appSecret),
      'user-agent': 'facebook',
    }
    const direct = await there.client.post('booking', odd, signed)
    const tapped = await client.post('bare', odd, signed)
    expect(await tapped.text()).toBe(await direct.text())
    expect([tapped.status, tapped.headers.get('content-type')]).toEqual([200, direct.headers.get('content-type')])
    const [got] = asked
    expect(got?.body).toBe(odd)
    for (const [name, value] of Object.entries(signed)) expect(got?.headers.get(name)).toBe(value)
  })

  test.each([421, 427, 432, 500, 204, 302])('status %d, with its headers and its body', async (status) => {
    const body = status === 204 ? null : 'as it is'
    answer(() => new Response(body, { status, headers: { 'x-own': 'a', location: '/there', 'set-cookie': 'b=c' } }))
    const response = await client.post('bare', sealed({ action: 'ping' }).body)
    expect([response.status, await response.text()]).toEqual([status, body ?? ''])
    expect([response.headers.get('x-own'), response.headers.get('location')]).toEqual(['a', '/there'])
    expect(response.headers.getSetCookie()).toEqual(['b=c'])
  })

  test('what is compressed stays so, and is understood', async () => {
    answer(async ({ body, headers }) => {
      const plain = await there.client.post('booking', body, Object.fromEntries(headers))
      return new Response(gzipSync(await plain.text()), { headers: { 'content-encoding': 'gzip' } })
    })
    const ana = person('bare')
    const request = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: ana.token }
    const { body, headers } = sealed(request)
    const response = await client.post('bare', body, { ...headers })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect((await response.bytes()).subarray(0, 2)).toEqual(new Uint8Array([0x1f, 0x8b]))
    expect(await ana.events()).toMatchObject([{ outcome: 'shown', next: 'SERVICE' }])
  })

  test('whatever is no envelope and not signed passes too, and leaves no event', async () => {
    answer(({ body }) => new Response(`got ${body}`, { status: 200 }))
    expect(await (await client.post('bare', 'hello')).text()).toBe('got hello')
    const last = (await incidents('bare'))[0]
    expect(last).toMatchObject({ category: 'bad_signature' })
  })

  test('an endpoint that cannot be reached: 502; one that is too slow: 504; the trail says which', async () => {
    const ana = person('gone')
    expect((await ana.open()).status).toBe(502)
    expect(await ana.events()).toMatchObject([
      { outcome: 'failed', next: '', errors: [{ code: 'upstream_unreachable', field: 'tap' }] },
    ])
    answer(() => new Promise(() => {}))
    const ben = person('bare')
    expect((await ben.open()).status).toBe(504)
    const message = 'the endpoint did not answer within 300 ms'
    expect(await ben.events()).toMatchObject([{ outcome: 'failed', errors: [{ code: 'upstream_timeout', message }] }])
  })

  test('without the key for it the reply passes as well', async () => {
    const other = await makeFolder()
    const key = await generateFlowKey()
    await writeFile(`${other.path}/keys/flow-private.pem`, key.privatePem)
    await writeFile(`${other.path}/keys/flow-private.passphrase`, key.passphrase)
    await writeFile(other.config, tapped.config)
    const blind = await createApp(await other.load(), { log: createLog('silent') })
    const reach = clientOf((request) => blind.handle(request), there.folder)
    const init = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'blind' }
    expect((await reach.send('bare', init)).reply).toMatchObject({ screen: 'SERVICE' })
    await blind.settled()
    expect(await blind.store.incidentCounts()).toEqual({ decrypt_failed: 1 })
    await blind.stop()
    await other.remove()
  })
})

test('below a path of ours nothing is changed in it either', async () => {
  const bytes = gzipSync('QUJD'.repeat(500))
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip', location: '/x' }
  answer(() => new Response(bytes, { headers }))
  const config = tapped.config.replace('meta:', 'server: { public_url: "https://flows.example.com/wa" }\nmeta:')
  const below = await makeFolder(config)
  const mounted = await createApp(await below.load(), { log: createLog('silent') })
  const at = `http://127.0.0.1:${await mounted.listen(0)}/wa/flows/bare`
  const response = await fetch(at, { method: 'POST', body: 'x', decompress: false })
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
  expect(response.headers.get('location')).toBe('/x')
  await mounted.stop()
  await below.remove()
})

describe('the trail', () => {
  test('has every screen, refusal, Back and end, under the names of the flow', async () => {
    const ana = person('told')
    await ana.open()
    await ana.submit('SERVICE', { service: '' })
    await ana.submit('SERVICE', { service: 'fix' })
    await ana.back('CONTACT')
    await ana.submit('SERVICE', { service: 'new' })
    await ana.submit('CONTACT', { name: 'Ana Example' })
    await ana.submit('DONE', {})
    const refusal = { code: 'invalid_field', field: 'service', rule: 'required', message: 'Pick one' }
    expect(await ana.events()).toMatchObject([
      { action: 'init', next: 'SERVICE', outcome: 'shown' },
      { screen: 'SERVICE', next: 'SERVICE', outcome: 'rejected', errors: [refusal] },
      { screen: 'SERVICE', next: 'CONTACT', outcome: 'shown', input: { service: 'fix' } },
      { action: 'back', screen: 'CONTACT', next: 'SERVICE', outcome: 'shown' },
      { screen: 'SERVICE', next: 'CONTACT', outcome: 'shown', input: { service: 'new' } },
      { screen: 'CONTACT', next: 'DONE', outcome: 'shown', input: { name: { $mask: '••••mple' } } },
      { screen: 'DONE', next: 'SUCCESS', outcome: 'completed' },
    ])
    const [session] = await app.store.sessionsOf([{ flow: 'told', token: ana.token }])
    expect(session).toMatchObject({ choices: { service: 'new' }, completedAt: expect.any(Number) })
  })

  test('a flow that the endpoint does not open is an incident; a health check is none', async () => {
    expect((await person('told', 'gone').open()).status).toBe(427)
    expect((await client.send('told', { version: '3.0', action: 'ping' })).reply).toEqual({
      data: { status: 'active' },
    })
    expect(await incidents('told')).toMatchObject([{ category: 'token_refused' }])
  })

  test('an error that the phone reports is passed on and noted', async () => {
    const ana = person('told')
    await ana.open()
    const report = { error: 'payload-schema-error', error_message: 'odd' }
    expect((await ana.submit('SERVICE', report)).reply).toEqual({ data: { acknowledged: true } })
    expect((await ana.events())[1]).toMatchObject({
      action: 'client_error',
      outcome: 'acknowledged',
      errors: [{ code: 'client:payload-schema-error' }],
    })
  })

  test('a reply that is not compressed as it says is a failure of the endpoint', async () => {
    answer(() => new Response('not at all', { headers: { 'content-encoding': 'gzip' } }))
    const ana = person('told')
    await ana.open()
    expect(await ana.events()).toMatchObject([{ outcome: 'failed', errors: [{ code: 'upstream_body', field: 'tap' }] }])
  })

  test('a reply that the key does not open is a failure of the endpoint', async () => {
    answer(() => new Response('bm90IGVuY3J5cHRlZCBhdCBhbGwsIGJ1dCBsb25n'))
    const ana = person('told')
    await ana.open()
    expect(await ana.events()).toMatchObject([{ outcome: 'failed', errors: [{ code: 'upstream_body', field: 'tap' }] }])
  })
})

describe('a flow of which the config says nothing', () => {
  test('is learned: screens at once, fields once three people sent them', async () => {
    const [first, second, third] = [person('bare'), person('bare'), person('bare')] as const
    for (const each of [first, second, third]) await each.walk()
    expect((await first.events()).map(({ screen, next }) => [screen, next])).toEqual([
      ['', 'SERVICE'],
      ['SERVICE', 'CONTACT'],
      ['CONTACT', 'DONE'],
      ['DONE', 'SUCCESS'],
    ])
    expect((await first.events())[1]?.input).toEqual({ $undeclared: { $length: 3, $count: 1 } })
    const inputs = (await third.events()).map(({ input }) => input)
    expect(inputs).toEqual([{}, { service: 'fix' }, { name: { $length: 3 }, agreed: true }, {}])
    const [session] = await app.store.sessionsOf([{ flow: 'bare', token: third.token }])
    expect(session?.choices).toEqual({ service: 'fix', agreed: true })
    const funnel = await app.report('funnel', { flow: 'bare' }, Date.now())
    const steps = [{ screens: ['SERVICE'] }, { screens: ['CONTACT'], reached: 3 }, { screens: ['DONE'], reached: 3 }]
    expect(funnel).toMatchObject({ report: { funnel: { steps } } })
  })

  test('a screen that a phone makes up is not stored, whatever the endpoint answers', async () => {
    const mallory = person('bare')
    await mallory.open()
    for (const status of [500, 427]) {
      answer(() => new Response('oops', { status }))
      await mallory.submit('Ana Maria Perez 555-1234', {})
    }
    const events = await mallory.events()
    expect(JSON.stringify(events)).not.toContain('Ana')
    expect(events.map(({ screen }) => screen)).toEqual(['', '(unknown)', '(unknown)'])
  })

  test('what one person makes up is not learned, however often', async () => {
    const mallory = person('bare')
    await mallory.open()
    for (let count = 0; count < 5; count++)
      await mallory.submit('SERVICE', { [`password is hunter${count}`]: 1, mine: 1 })
    const names = (await mallory.events()).flatMap(({ input }) => Object.keys(input))
    expect(new Set(names)).toEqual(new Set(['$undeclared']))
  })
})

describe('compared', () => {
  test('the config answers beside, does nothing, and where it differs is counted', async () => {
    const ana = person('compared')
    await ana.open()
    await ana.submit('SERVICE', { service: 'fix' })
    await ana.submit('CONTACT', { name: 'Ana' })
    await ana.submit('DONE', {})
    await app.settled()
    const stored = await app.store.getDocument('comparison', 'compared', Date.now())
    const common = { count: 1, session: expect.any(String), at: expect.any(Number) }
    expect(stored).toMatchObject({
      compared: 3,
      same: 0,
      differences: [
        { ...common, action: 'init', screen: '', name: 'note', found: 'only the endpoint sends it' },
        { ...common, action: 'submit', screen: 'SERVICE', name: 'chosen', found: 'they send different values' },
        { ...common, action: 'submit', screen: 'DONE', name: 'ref', found: 'they send different values' },
      ],
      skipped: [{ ...common, action: 'submit', screen: 'CONTACT', name: 'it would call orders' }],
    })
  })

  test('a flow that both close is the same; one that only the endpoint does not open is not', async () => {
    const comparison = async () => {
      await app.settled()
      const { report } = (await app.report('answers', { flow: 'compared' }, Date.now())) as {
        report: ReportOf<'answers'>
      }
      return report.comparison
    }
    const before = (await comparison())?.same ?? 0
    expect((await person('compared', 'gone').open()).status).toBe(427)
    expect((await comparison())?.same).toBe(before + 1)
    await person('compared', 'shut').open()
    expect((await comparison())?.differences.find(({ name }) => name === 'screen')).toMatchObject({
      action: 'init',
      found: 'the config answers with screen SERVICE, the endpoint with no screen',
    })
  })
})
