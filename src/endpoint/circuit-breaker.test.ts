// A server that has stopped answering is left alone for a while, and asked again.

import { afterAll, beforeEach, expect, test } from 'bun:test'
import { flowOf } from '../../test/flow-of.ts'
import { until } from '../../test/until.ts'
import { type Called, createApis } from '../flow/call-api.ts'
import type { Api } from '../flow/definition.ts'
import { systemClock, systemStopwatch } from '../lib/clock.ts'
import { createCircuitBreaker, FAILURES_TO_OPEN } from './circuit-breaker.ts'

let asked = 0
let answer: () => Response | Promise<Response>
const server = Bun.serve({
  port: 0,
  fetch() {
    asked++
    return answer()
  },
})
afterAll(() => server.stop(true))

const good = () => Response.json({ screen: 'A' })
const bad = () => Response.json({}, { status: 500 })
/** Of a flow that is forwarded there. Each test has an address of its own. */
let url: string
const flow = () => flowOf(`{ forward: { url: "${url}" } }`)
let tests = 0
beforeEach(() => {
  asked = 0
  answer = bad
  url = `${server.url.origin}/${++tests}`
})

const OPEN_MS = 100
function open() {
  const watches = { clock: systemClock, stopwatch: systemStopwatch, uptime: systemStopwatch }
  const breaker = createCircuitBreaker(createApis({ fetch, ...watches }), OPEN_MS)
  const api = flow().forward as Api
  const call = (): Promise<Called> => breaker.callApi(api, { with: {}, headers: {}, isFresh: true })
  const fail = async (times: number) => {
    for (let count = 0; count < times; count++) await call()
  }
  return { breaker, call, fail }
}

test('after five failures in a row it is not asked, and its calls fail at once', async () => {
  const { breaker, call, fail } = open()
  await fail(FAILURES_TO_OPEN)
  expect(breaker.isOpen(url)).toBe(true)
  expect(breaker.statesOf([flow()]).map(({ isOpen }) => isOpen())).toEqual([true])
  expect(await call()).toEqual({
    answer: { ok: false, error: 'spared' },
    waitedMs: 0,
    failure: {
      code: 'upstream_spared',
      field: 'forward',
      message: 'forward was not called: its last 5 calls failed, and it is tried again 0.1 s after the last',
    },
  })
  expect(asked).toBe(FAILURES_TO_OPEN)
})

test('a good answer in between begins the count anew, also one that says no', async () => {
  const { breaker, call, fail } = open()
  await fail(FAILURES_TO_OPEN - 1)
  answer = () => Response.json({ error_msg: 'too late' }, { status: 427 })
  await call()
  answer = bad
  await fail(FAILURES_TO_OPEN - 1)
  expect(breaker.isOpen(url)).toBe(false)
})

test('after a while one call tries it; the others do not wait for that; when it goes well, all go on', async () => {
  const { breaker, call, fail } = open()
  await fail(FAILURES_TO_OPEN)
  const { promise, resolve } = Promise.withResolvers<Response>()
  answer = () => promise
  const trying: Promise<Called>[] = []
  await until('one is let through', () => {
    trying.push(call())
    return asked > FAILURES_TO_OPEN
  })
  expect((await call()).failure?.code).toBe('upstream_spared')
  expect(asked).toBe(FAILURES_TO_OPEN + 1)
  resolve(good())
  expect((await Promise.all(trying)).filter(({ answer }) => answer.ok)).toHaveLength(1)
  answer = good
  expect(breaker.isOpen(url)).toBe(false)
  expect((await call()).answer).toEqual({ ok: true, status: 200, body: { screen: 'A' } })
})

test('a call that could not be made, because of what somebody typed, is no failure of the server', async () => {
  const { breaker } = open()
  const api = flow().forward as Api
  const call = (name: string) => breaker.callApi(api, { with: {}, headers: { 'x-name': name }, isFresh: true })
  for (let count = 0; count <= FAILURES_TO_OPEN; count++)
    expect((await call('名')).failure?.code).toBe('upstream_parameter')
  answer = good
  expect((await call('Ann')).answer.ok).toBe(true)
})

test('an API that is no server in our place is asked each time', async () => {
  const { breaker } = open()
  const { apis } = flowOf(`{ start: A, screens: { A: { ask: { x: {} } } }, apis: { x: { url: "${url}" } } }`)
  for (let count = 0; count < FAILURES_TO_OPEN + 2; count++)
    await breaker.callApi(apis.get('x') as Api, { with: {}, headers: {}, isFresh: true })
  expect(asked).toBe(FAILURES_TO_OPEN + 2)
})
