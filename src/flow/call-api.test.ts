import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { flowOf } from '../../test/flow-of.ts'
import { until } from '../../test/until.ts'
import type { JsonObject } from '../lib/json.ts'
import { type ApiRequest, type Called, createApis } from './call-api.ts'
import type { Api } from './definition.ts'

type Asked = { readonly method: string; readonly url: URL; readonly headers: Headers; readonly body: string }

let asked: Asked[] = []
let reply: (asked: Asked) => Response | Promise<Response> = () => Response.json(null)
const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const { method, headers } = request
    const one = { method, headers, url: new URL(request.url), body: await request.text() }
    asked.push(one)
    return reply(one)
  },
})
afterAll(() => server.stop(true))

const NOW = Date.UTC(2026, 2, 1)
let now = 0
let ask: (api: Api, parameters?: JsonObject, more?: Partial<ApiRequest>) => Promise<Called>
beforeEach(() => {
  asked = []
  now = 1_000_000
  let ticks = 0
  const call = createApis({ fetch, clock: () => NOW, uptime: () => now, stopwatch: () => 5 * ticks++ })
  ask = (api, parameters = {}, more = {}) => call(api, { with: parameters, headers: {}, isFresh: false, ...more })
})

function api(more = '', url = `${server.url.origin}/slots`): Api {
  const flow = flowOf(`{ start: A, screens: { A: {} }, apis: { slots: { url: "${url}", ${more} } } }`)
  return flow.apis.get('slots') as Api
}

const bodyOf = async (called: Promise<Called>) => (await called).answer.body

/** Answers 1, 2, 3 … */
function count() {
  let answers = 0
  reply = () => Response.json(++answers)
}

test('an answer has no name by which JSONata knows a function', async () => {
  reply = () => Response.json({ list: [{ _jsonata_lambda: true, a: 1 }] })
  expect(await bodyOf(ask(api()))).toEqual({ list: [{ a: 1 }] })
})

describe('the request', () => {
  test('GET sends the parameters in the query, beside what the URL has', async () => {
    reply = () => Response.json('ok')
    const get = api('', `${server.url.origin}/slots?v=2`)
    const headers = { Authorization: 'Bearer t' }
    expect(await ask(get, { day: 'a b&c', n: 3, list: ['x', 'y'] }, { headers })).toEqual({
      answer: { ok: true, status: 200, body: 'ok' },
      waitedMs: 5,
    })
    const [request] = asked
    expect([...(request?.url.searchParams ?? [])]).toEqual([
      ['v', '2'],
      ['day', 'a b&c'],
      ['n', '3'],
      ['list', 'x'],
      ['list', 'y'],
    ])
    expect(request).toMatchObject({ method: 'GET', body: '' })
    expect(request?.headers.get('authorization')).toBe('Bearer t')
  })

  test.each(['POST', 'PUT', 'PATCH'])('%s sends them as a JSON object', async (method) => {
    await ask(api(`method: ${method}`), { day: 'x', n: 3 })
    expect(asked).toMatchObject([{ method, body: '{"day":"x","n":3}' }])
    expect(asked[0]?.headers.get('content-type')).toBe('application/json')
    expect(asked[0]?.url.search).toBe('')
  })

  test('those of the path are written into it, and nowhere else', async () => {
    const { origin } = server.url
    await ask(api('method: POST', `${origin}/shops/{shop}/slots/{day}`), { shop: 'a/b?c', day: 7, more: true })
    expect(asked[0]?.url.pathname).toBe('/shops/a%2Fb%3Fc/slots/7')
    expect(asked[0]?.body).toBe('{"more":true}')
  })

  test.each<[string, JsonObject]>([
    ['nothing', {}],
    ['an empty text', { shop: '' }],
    ['the folder above', { shop: '..' }],
    ['a list', { shop: ['x'] }],
  ])('%s in place of one is not sent', async (_name, parameters) => {
    const called = await ask(api('', `${server.url.origin}/shops/{shop}`), parameters)
    expect(called).toMatchObject({
      answer: { ok: false, error: 'parameter' },
      failure: { code: 'upstream_parameter', message: 'slots was not called: there is no value for {shop} in its URL' },
    })
    expect(asked).toEqual([])
  })

  test.each([
    ['a header', '', { headers: { 'X-Customer': 'Łukasz' } }, 'its header X-Customer has characters'],
    ['a header with a line break', '', { headers: { 'X-Customer': 'a\r\nX-Admin: yes' } }, 'its header X-Customer has'],
    ['a host', 'http://x.{shop}.example/', { with: { shop: 'a b' } }, 'its URL is none'],
  ])('%s that what people typed makes impossible is a failure, not a crash', async (_, url, more, reason) => {
    const called = await ask(api('', url || undefined), {}, more)
    expect(called).toMatchObject({ answer: { ok: false, error: 'parameter' }, failure: { code: 'upstream_parameter' } })
    expect(called.failure?.message).toStartWith(`slots was not called: ${reason}`)
    expect(called.failure?.message).not.toMatch(/Łukasz|Admin|a b/)
    expect(asked).toEqual([])
  })

  test('the key of the submission goes along, unless the config sets one', async () => {
    await ask(api('method: POST'), {}, { idempotencyKey: 'k1' })
    await ask(api('method: POST'), {}, { idempotencyKey: 'k1', headers: { 'Idempotency-Key': 'own' } })
    expect(asked.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['k1', 'own'])
  })

  test('the author’s content type takes the place of ours', async () => {
    await ask(api('method: POST'), {}, { headers: { 'Content-Type': 'application/vnd.api+json' } })
    expect(asked[0]?.headers.get('content-type')).toBe('application/vnd.api+json')
  })

  test('one whose connection breaks is not sent again', async () => {
    let requests = 0
    const breaking = createServer((socket) =>
      socket.on('data', () => {
        requests++
        if (requests === 1) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
        else socket.destroy()
      }),
    )
    const { promise, resolve } = Promise.withResolvers<void>()
    breaking.listen(0, '127.0.0.1', resolve)
    await promise
    const { port } = breaking.address() as { port: number }
    const get = api('', `http://127.0.0.1:${port}/`)
    expect((await ask(get)).answer.ok).toBe(true)
    expect((await ask(get)).answer).toEqual({ ok: false, error: 'unreachable' })
    expect(requests).toBe(2)
    breaking.close()
  })
})

describe('remembering', () => {
  test('without cache every question is asked', async () => {
    count()
    expect(await bodyOf(ask(api()))).toBe(1)
    expect(await bodyOf(ask(api()))).toBe(2)
  })

  test('a young answer is used again, an old one is not', async () => {
    count()
    const cached = api('cache: 60s')
    expect(await ask(cached)).toMatchObject({ answer: { body: 1 }, waitedMs: 5 })
    now += 59_999
    expect(await ask(cached)).toMatchObject({ answer: { body: 1 }, waitedMs: 0 })
    now += 1
    expect(await ask(cached)).toMatchObject({ answer: { body: 2 }, waitedMs: 5 })
  })

  test('a fresh one is asked for all the same, and remembered', async () => {
    count()
    const cached = api('cache: 60s')
    await ask(cached)
    expect(await bodyOf(ask(cached, {}, { isFresh: true }))).toBe(2)
    expect(await bodyOf(ask(cached))).toBe(2)
  })

  test('what is done once is neither remembered nor taken from memory', async () => {
    count()
    const cached = api('method: POST, cache: 60s')
    expect(await bodyOf(ask(cached))).toBe(1)
    expect(await bodyOf(ask(cached, {}, { idempotencyKey: 'k' }))).toBe(2)
    expect(await bodyOf(ask(cached))).toBe(1)
  })

  test('other parameters are another question; the order they are written in is not', async () => {
    count()
    const cached = api('cache: 60s')
    expect(await bodyOf(ask(cached, { a: 1, b: 2 }))).toBe(1)
    expect(await bodyOf(ask(cached, { a: 1, b: 3 }))).toBe(2)
    expect(await bodyOf(ask(cached, { b: 2, a: 1 }))).toBe(1)
  })

  test('another header is another question: one person’s answer is not given to another', async () => {
    reply = ({ headers }) => Response.json(headers.get('authorization'))
    const cached = api('cache: 60s')
    const as = (name: string) => bodyOf(ask(cached, {}, { headers: { Authorization: name } }))
    expect([await as('a'), await as('b'), await as('a')]).toEqual(['a', 'b', 'a'])
    expect(asked).toHaveLength(2)
  })

  test('the same question at the same time is asked once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    reply = async () => {
      await promise
      return Response.json('shared')
    }
    const cached = api('cache: 60s')
    const answers = Promise.all([1, 2, 3].map(() => bodyOf(ask(cached, { q: 1 }))))
    await until('the API is asked', () => asked.length > 0)
    resolve()
    expect(await answers).toEqual(['shared', 'shared', 'shared'])
    expect(asked).toHaveLength(1)
  })

  test('a stale answer is given at once while a fresh one is fetched behind it', async () => {
    count()
    const kept = api('cache: 10s, stale: 60s')
    await ask(kept)
    now += 69_999
    expect(await ask(kept)).toMatchObject({ answer: { body: 1 }, waitedMs: 0 })
    await until('the fresh answer is there', async () => (await bodyOf(ask(kept))) === 2)
    expect(asked).toHaveLength(2)
    now += 70_000
    expect(await bodyOf(ask(kept))).toBe(3)
  })

  test('a stale answer stands in for a failure, which is told, until it is too old', async () => {
    count()
    const kept = api('cache: 10s, stale: 60s')
    await ask(kept)
    reply = () => new Response('', { status: 503 })
    now += 20_000
    expect(await ask(kept)).toEqual({ answer: { ok: true, status: 200, body: 1 }, waitedMs: 0 })
    await until('the failure is known', async () => (await ask(kept)).failure !== undefined)
    const failure = { code: 'upstream_status', field: 'slots', message: 'slots answered 503' }
    expect(await ask(kept)).toEqual({ answer: { ok: true, status: 200, body: 1 }, waitedMs: 0, failure })
    now += 50_000
    expect(await ask(kept)).toMatchObject({ answer: { ok: false, status: 503, error: 'status' }, failure })
    count()
    expect(await bodyOf(ask(kept))).toBe(1)
  })

  test('questions count towards the memory that answers may take', async () => {
    reply = () => Response.json(1)
    const cached = api('method: POST, cache: 60s')
    const megabyte = 'x'.repeat(1024 * 1024)
    for (let n = 0; n < 70; n++) await ask(cached, { n, megabyte })
    await ask(cached, { n: 69, megabyte })
    expect(asked).toHaveLength(70)
    await ask(cached, { n: 0, megabyte })
    expect(asked).toHaveLength(71)
  })
})

describe('whatever the API does, there is an answer', () => {
  const page = '<html>'
  test.each<[name: string, response: () => Response, answer: object, failure: string]>([
    ['404', () => Response.json({ message: 'none' }, { status: 404 }), { status: 404, body: { message: 'none' } }, ''],
    ['a page with 404', () => new Response(page, { status: 404 }), { status: 404 }, ''],
    ['500', () => new Response('oops', { status: 500 }), { status: 500, error: 'status' }, 'slots answered 500'],
    ['a page', () => new Response(page), { status: 200, error: 'body' }, 'slots did not answer JSON'],
    [
      'too much',
      () => new Response(`"${'x'.repeat(1024 * 1024)}"`),
      { status: 200, error: 'body' },
      'slots answered more than 1048576 bytes',
    ],
    [
      'too deep',
      () => new Response('['.repeat(65) + ']'.repeat(65)),
      { status: 200, error: 'body' },
      'slots did not answer JSON',
    ],
    ['a redirect', () => Response.redirect('/elsewhere', 302), { status: 302, error: 'status' }, 'slots answered 302'],
  ])('%s', async (_name, response, answer, message) => {
    reply = response
    const called = await ask(api())
    expect(called.answer).toEqual({ ok: false, ...answer })
    expect(called.failure?.message).toBe(message === '' ? undefined : message)
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['204', () => new Response(null, { status: 204 }), 204],
    ['an empty 200', () => new Response(''), 200],
    ['null', () => Response.json(null), 200],
  ])('%s is fine, and has no body', async (_name, response, status) => {
    reply = response
    expect(await ask(api())).toEqual({ answer: { ok: true, status }, waitedMs: 5 })
  })

  const failing = async (make: Api, parameters: JsonObject = {}) => {
    const { answer, failure } = await ask(make, parameters)
    expect(answer.ok).toBe(false)
    return `${failure?.code}: ${failure?.message}`
  }

  test('silence', async () => {
    reply = () => new Promise<Response>(() => {})
    expect(await failing(api('timeout: 30ms'))).toBe('upstream_timeout: slots did not answer within 30 ms')
  })

  test('silence after the first bytes', async () => {
    reply = () => new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('[1,')) }))
    expect(await failing(api('timeout: 60ms'))).toBe('upstream_timeout: slots did not answer within 60 ms')
  })

  test('a port where nobody listens', async () => {
    const gone = Bun.serve({ port: 0, fetch: () => new Response() })
    const url = `http://127.0.0.1:${gone.port}/`
    await gone.stop(true)
    expect(await failing(api('', url))).toBe('upstream_unreachable: slots could not be reached: ECONNREFUSED')
  })

  test('what people typed is in no error', async () => {
    reply = () => new Response(page)
    expect(await failing(api(), { phone: '912345678' })).not.toContain('912345678')
  })
})
