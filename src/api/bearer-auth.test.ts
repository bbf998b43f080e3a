import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { type Api, startApi, TOKEN, withApi } from '../../test/api-kit.ts'
import { errorShape } from './response.ts'

const SECOND_TOKEN = 'another-token-for-tests'
const PATHS = ['/api/v1', '/api/v1/flows', '/api/v1/openapi.json', '/api/v1/sessions/x', '/api/v1/nowhere']

let shared: Api
beforeAll(async () => {
  shared = await startApi({ tokens: [TOKEN, SECOND_TOKEN] })
})
afterAll(() => shared.stop())
// Wrong tokens of the test before are forgotten.
beforeEach(() => {
  shared.time.now += 3_600_000
})

type Asking = { readonly path?: string; readonly headers?: Record<string, string>; readonly api?: Api }
const asked = async (authorization?: string, { path = '/api/v1/flows', headers, api = shared }: Asking = {}) => {
  const reply = await api.send(path, { headers: { ...headers, ...(authorization && { authorization }) } })
  return { reply, text: await reply.text() }
}
const codeIn = (text: string) => errorShape.parse(JSON.parse(text)).error.code

test('without a token in the config the API is off, and says how to turn it on', () =>
  withApi({ tokens: [] }, async (api) => {
    for (const path of PATHS)
      for (const authorization of [undefined, `Bearer ${TOKEN}`, 'Bearer ', 'Bearer undefined']) {
        const { reply, text } = await asked(authorization, { path, api })
        expect([path, reply.status, codeIn(text)]).toEqual([path, 403, 'off'])
        expect(text).toContain('api.tokens')
      }
  }))

test.each([
  ['none', undefined, 'no_token'],
  ['a wrong one', 'Bearer not-a-token-of-ours', 'wrong_token'],
  ['the right one with more behind it', `Bearer ${TOKEN}x`, 'wrong_token'],
  ['the beginning of the right one', `Bearer ${TOKEN.slice(0, -1)}`, 'wrong_token'],
  ['the right one in capitals', `Bearer ${TOKEN.toUpperCase()}`, 'wrong_token'],
  ['the right one as a password', `Basic ${TOKEN}`, 'wrong_token'],
  ['the right one by itself', TOKEN, 'wrong_token'],
  ['both', `Bearer ${TOKEN}, Bearer ${SECOND_TOKEN}`, 'wrong_token'],
  ['an empty one', 'Bearer ', 'wrong_token'],
])('a token that is wrong opens nothing: %s', async (_, authorization, code) => {
  for (const path of PATHS) {
    const { reply, text } = await asked(authorization, { path })
    expect([reply.status, reply.headers.get('www-authenticate'), codeIn(text)]).toEqual([401, 'Bearer', code])
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(text.toLowerCase()).not.toContain(TOKEN)
    for (const untold of [SECOND_TOKEN, 'not-a-token-of-ours', 'repair-booking', 'SERVICE'])
      expect(text).not.toContain(untold)
  }
})

test('a token in the address is none, and is not repeated', async () => {
  for (const name of ['token', 'access_token', 'api_token']) {
    const { reply, text } = await asked(undefined, { path: `/api/v1/flows?${name}=${TOKEN}` })
    expect(reply.status).toBe(401)
    expect(text).not.toContain(TOKEN)
  }
  const { reply, text } = await asked(`Bearer ${TOKEN}`, { path: `/api/v1/flows?access_token=${SECOND_TOKEN}` })
  expect(reply.status).toBe(400)
  expect(text).not.toContain(SECOND_TOKEN)
})

test('each of the tokens opens', async () => {
  for (const token of [TOKEN, SECOND_TOKEN]) {
    const { reply } = await asked(`Bearer ${token}`)
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(reply.headers.get('content-type')).toStartWith('application/json')
  }
})

test('after ten wrong tokens the next wrong one has to wait; none at all costs nothing', async () => {
  for (let index = 0; index < 12; index++) expect((await asked()).reply.status).toBe(401)
  for (let index = 0; index < 10; index++) expect((await asked(`Bearer wrong-${index}`)).reply.status).toBe(401)
  const { reply, text } = await asked('Bearer wrong-again')
  expect([reply.status, reply.headers.get('retry-after'), codeIn(text)]).toEqual([429, '30', 'too_many_tries'])
  shared.time.now += 30_000
  expect((await asked('Bearer wrong-again')).reply.status).toBe(401)
})

test('however many wrong tokens come from an address, who shares it and has a right one is let in', async () => {
  for (let index = 0; index < 30; index++) await asked('Bearer the-token-of-last-year')
  for (let index = 0; index < 12; index++) expect((await asked(`Bearer ${TOKEN}`)).reply.status).toBe(200)
})

test.each(['bearer', 'BEARER', 'Bearer '])('the scheme is %p as well', async (scheme) => {
  expect((await asked(`${scheme} ${TOKEN}`)).reply.status).toBe(200)
})

test('behind a proxy the one who guesses waits, and nobody else', () =>
  withApi({ proxies: 1 }, async (api) => {
    const from = (ip: string) => ({ api, headers: { 'x-forwarded-for': `6.6.6.6, ${ip}` } })
    for (let index = 0; index < 10; index++) await asked('Bearer wrong', from('10.0.0.1'))
    expect((await asked('Bearer wrong', from('10.0.0.1'))).reply.status).toBe(429)
    expect((await asked(`Bearer ${TOKEN}`, from('10.0.0.2'))).reply.status).toBe(200)
  }))

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('there is nothing to %s', async (method) => {
  for (const path of PATHS) {
    const reply = await shared.send(path, { method, headers: { authorization: `Bearer ${TOKEN}` } })
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect((await shared.send(path, { method })).status).toBe(401)
  }
})

test('HEAD is answered as GET is', async () => {
  const statuses = async (path: string) => {
    const replies = ['GET', 'HEAD'].map((method) =>
      shared.send(path, { method, headers: { authorization: `Bearer ${TOKEN}` } }),
    )
    return (await Promise.all(replies)).map(({ status }) => status)
  }
  expect(await statuses('/api/v1/flows')).toEqual([200, 200])
  expect(await statuses('/api/v1/nowhere')).toEqual([404, 404])
})

test('reading sessions is written to the audit log with the place of the token, and the token is not', () =>
  withApi({ tokens: [SECOND_TOKEN, TOKEN] }, async (api) => {
    const { text } = await asked(`Bearer ${TOKEN}`, { api, path: '/api/v1/sessions?exit=DATE&limit=2' })
    const [{ id }] = JSON.parse(text).sessions
    await asked(`Bearer ${TOKEN}`, { api, path: `/api/v1/sessions/${id}` })
    await asked(`Bearer ${SECOND_TOKEN}`, { api, path: '/api/v1/sessions?choice=service:emergency' })
    await asked(`Bearer ${TOKEN}`, { api, path: '/api/v1/sessions?ext=DATE' })
    await asked(`Bearer ${TOKEN}`, { api, path: '/api/v1/sessions/nobody' })
    await asked(`Bearer ${TOKEN}`, { api, path: '/api/v1/flows' })
    const audits = await api.app.store.audits(10)
    expect(audits.map(({ who, what, detail }) => [who, what, detail])).toEqual([
      ['token 1', 'api_sessions', '?choice=service%3Aemergency'],
      ['token 2', 'api_session', id],
      ['token 2', 'api_sessions', '?exit=DATE'],
    ])
  }))
