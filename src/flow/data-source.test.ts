import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { evaluateHere } from '../../test/conversation.ts'
import { flowOf } from '../../test/flow-of.ts'
import { until } from '../../test/until.ts'
import type { JsonObject } from '../lib/json.ts'
import { createSources } from './data-source.ts'
import type { DataSource } from './definition.ts'
import type { FetchSource } from './screen-data.ts'

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

let now = 0
let fetchSource: FetchSource
beforeEach(() => {
  asked = []
  now = 1_000_000
  let ticks = 0
  fetchSource = createSources({ fetch, evaluate: evaluateHere, uptime: () => now, stopwatch: () => 5 * ticks++ })
})

function source(more = '', url = `${server.url.origin}/slots`): DataSource {
  const flow = flowOf(
    `{ start: A, screens: { A: {} }, sources: { slots: { url: "${url}", fallback: none, ${more} } } }`,
  )
  return flow.sources.get('slots') as DataSource
}

/** Answers 1, 2, 3 … */
function count() {
  let answers = 0
  reply = () => Response.json(++answers)
}

describe('the request', () => {
  test('GET sends the parameters in the query, beside what the URL has', async () => {
    reply = () => Response.json('ok')
    const get = source('headers: { Authorization: Bearer t }', `${server.url.origin}/slots?v=2`)
    expect(await fetchSource(get, { day: 'a b&c', n: 3, list: ['x'] })).toEqual({ value: 'ok', waitedMs: 5 })
    const [request] = asked
    expect([...(request?.url.searchParams ?? [])]).toEqual([
      ['v', '2'],
      ['day', 'a b&c'],
      ['n', '3'],
      ['list', '["x"]'],
    ])
    expect(request).toMatchObject({ method: 'GET', body: '' })
    expect(request?.headers.get('authorization')).toBe('Bearer t')
  })

  test('POST sends them as a JSON object', async () => {
    reply = () => Response.json('ok')
    await fetchSource(source('method: POST'), { day: 'x', n: 3 })
    expect(asked).toMatchObject([{ method: 'POST', body: '{"day":"x","n":3}' }])
    expect(asked[0]?.headers.get('content-type')).toBe('application/json')
    expect(asked[0]?.url.search).toBe('')
  })

  test('the author’s content type takes the place of ours', async () => {
    await fetchSource(source('method: POST, headers: { Content-Type: application/vnd.api+json }'), {})
    expect(asked[0]?.headers.get('content-type')).toBe('application/vnd.api+json')
  })
})

describe('remembering', () => {
  test('without cache every question is asked', async () => {
    count()
    expect((await fetchSource(source(), {})).value).toBe(1)
    expect((await fetchSource(source(), {})).value).toBe(2)
  })

  test('a young answer is used again, an old one is not', async () => {
    count()
    const cached = source('cache: 60s')
    expect(await fetchSource(cached, {})).toEqual({ value: 1, waitedMs: 5 })
    now += 59_999
    expect(await fetchSource(cached, {})).toEqual({ value: 1, waitedMs: 0 })
    now += 1
    expect(await fetchSource(cached, {})).toEqual({ value: 2, waitedMs: 5 })
  })

  test('other parameters are another question; the order they are written in is not', async () => {
    count()
    const cached = source('cache: 60s')
    expect((await fetchSource(cached, { a: 1, b: 2 })).value).toBe(1)
    expect((await fetchSource(cached, { a: 1, b: 3 })).value).toBe(2)
    expect((await fetchSource(cached, { b: 2, a: 1 })).value).toBe(1)
  })

  test('a source of the same name and address in another flow has its own answers', async () => {
    reply = ({ headers }) => Response.json({ for: headers.get('authorization') })
    const mapped = source('cache: 60s, map: for, headers: { Authorization: a }')
    expect((await fetchSource(mapped, {})).value).toBe('a')
    expect((await fetchSource(source('cache: 60s, headers: { Authorization: b }'), {})).value).toEqual({ for: 'b' })
    expect((await fetchSource(source('cache: 60s, map: for, headers: { Authorization: b }'), {})).value).toBe('b')
    expect((await fetchSource(mapped, {})).value).toBe('a')
  })

  test('the same question at the same time is asked once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    reply = async () => {
      await promise
      return Response.json('shared')
    }
    const answers = Promise.all([1, 2, 3].map(() => fetchSource(source(), { q: 1 })))
    await until('the API is asked', () => asked.length > 0)
    resolve()
    expect((await answers).map((answer) => answer.value)).toEqual(['shared', 'shared', 'shared'])
    expect(asked).toHaveLength(1)
    reply = () => Response.json('next')
    expect((await fetchSource(source(), { q: 1 })).value).toBe('next')
  })

  test('a stale answer is given at once while a fresh one is fetched behind it', async () => {
    count()
    const kept = source('cache: 10s, stale: 60s')
    await fetchSource(kept, {})
    now += 69_999
    expect(await fetchSource(kept, {})).toEqual({ value: 1, waitedMs: 0 })
    await until('the fresh answer is there', async () => (await fetchSource(kept, {})).value === 2)
    expect(asked).toHaveLength(2)
    now += 70_000
    expect(await fetchSource(kept, {})).toEqual({ value: 3, waitedMs: expect.any(Number) })
  })

  test('a stale answer stands in for a failure, which is told, until it is too old', async () => {
    count()
    const kept = source('cache: 10s, stale: 60s')
    await fetchSource(kept, {})
    reply = () => new Response('', { status: 503 })
    now += 20_000
    expect(await fetchSource(kept, {})).toEqual({ value: 1, waitedMs: 0 })
    await until('the failure is known', async () => (await fetchSource(kept, {})).error !== undefined)
    const error = { code: 'upstream_status', field: 'slots', message: 'slots answered 503' }
    expect(await fetchSource(kept, {})).toEqual({ value: 1, waitedMs: 0, error })
    now += 50_000
    expect(await fetchSource(kept, {})).toMatchObject({ value: 'none', error })
    count()
    expect(await fetchSource(kept, {})).toEqual({ value: 1, waitedMs: 5 })
  })

  test('questions count towards the memory that answers may take', async () => {
    reply = () => Response.json(1)
    const cached = source('method: POST, cache: 60s')
    const megabyte = 'x'.repeat(1024 * 1024)
    for (let n = 0; n < 70; n++) await fetchSource(cached, { n, megabyte })
    await fetchSource(cached, { n: 69, megabyte })
    expect(asked).toHaveLength(70)
    await fetchSource(cached, { n: 0, megabyte })
    expect(asked).toHaveLength(71)
  })
})

describe('whatever the API does, there is an answer', () => {
  const failing = async (make: DataSource, parameters: JsonObject = {}) => {
    const { value, error, waitedMs } = await fetchSource(make, parameters)
    expect({ value, waitedMs, field: error?.field }).toEqual({ value: 'none', waitedMs: 5, field: 'slots' })
    return `${error?.code}: ${error?.message}`
  }

  test.each<[name: string, response: () => Response, more: string, error: string]>([
    ['404', () => new Response('{}', { status: 404 }), '', 'upstream_status: slots answered 404'],
    ['500', () => new Response('oops', { status: 500 }), '', 'upstream_status: slots answered 500'],
    ['a page', () => new Response('<html>'), '', 'upstream_body: slots did not answer JSON'],
    ['nothing', () => new Response(null, { status: 204 }), '', 'upstream_body: slots did not answer JSON'],
    [
      'too much',
      () => new Response(`"${'x'.repeat(1024 * 1024)}"`),
      '',
      'upstream_body: slots answered more than 1048576 bytes',
    ],
    ['too deep', () => new Response('['.repeat(65) + ']'.repeat(65)), '', 'upstream_body: slots did not answer JSON'],
    [
      'a redirect',
      () => Response.redirect('/elsewhere', 302),
      '',
      'upstream_unreachable: slots could not be reached: UnexpectedRedirect',
    ],
    [
      'what map finds nothing in',
      () => Response.json({}),
      'map: items.id',
      'upstream_map: items.id finds nothing in the answer of slots',
    ],
    [
      'what map fails on',
      () => Response.json({ a: 'secret' }),
      'map: $number(a)',
      'upstream_map: $number(a): Unable to read a value as a number (at character 8)',
    ],
  ])('%s', async (_name, response, more, error) => {
    reply = response
    expect(await failing(source(more))).toBe(error)
    expect(asked).toHaveLength(1)
  })

  test('silence', async () => {
    reply = () => new Promise<Response>(() => {})
    expect(await failing(source('timeout: 30ms'))).toBe('upstream_timeout: slots did not answer within 30 ms')
  })

  test('silence after the first bytes', async () => {
    reply = () => new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('[1,')) }))
    expect(await failing(source('timeout: 60ms'))).toBe('upstream_timeout: slots did not answer within 60 ms')
  })

  test('a port where nobody listens', async () => {
    const gone = Bun.serve({ port: 0, fetch: () => new Response() })
    const url = `http://127.0.0.1:${gone.port}/`
    await gone.stop(true)
    expect(await failing(source('', url))).toBe('upstream_unreachable: slots could not be reached: ECONNREFUSED')
  })

  test('what people typed is in no error', async () => {
    reply = () => Response.redirect('/elsewhere', 302)
    expect(await failing(source(), { phone: '912345678' })).not.toContain('912345678')
  })
})

test('map makes of the answer what the screen needs', async () => {
  reply = () =>
    Response.json({
      items: [
        { id: 1, label: 'One', more: true },
        { id: 2, label: 'Two' },
      ],
    })
  const mapped = source(`map: "items.{'id': $string(id), 'title': label}"`)
  expect((await fetchSource(mapped, {})).value).toEqual([
    { id: '1', title: 'One' },
    { id: '2', title: 'Two' },
  ])
})

describe('where the fallback is a list', () => {
  test.each([
    ['many', [{ id: 1 }, { id: 2 }], [1, 2]],
    ['one', [{ id: 1 }], [1]],
    ['none', [], []],
  ])('an answer of %s is a list too', async (_, items, ids) => {
    reply = () => Response.json({ items })
    const flow = flowOf(
      `{ start: A, screens: { A: {} }, sources: { slots: { url: "${server.url.origin}", map: items.id, fallback: [] } } }`,
    )
    expect(await fetchSource(flow.sources.get('slots') as DataSource, {})).toEqual({ value: ids, waitedMs: 5 })
  })
})
