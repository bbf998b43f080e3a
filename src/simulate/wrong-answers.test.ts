import { afterEach, describe, expect, test } from 'bun:test'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto'
import { compileFlow } from '../flow/compile.ts'
import type { Flow } from '../flow/definition.ts'
import { flow as flowSchema } from '../flow/schema.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { parseProfile } from './profile.ts'
import { type RunReport, simulate } from './run.ts'

const compiled = compileFlow(
  'two',
  flowSchema.parse({
    start: 'PICK',
    screens: {
      PICK: {
        data: { slots: [{ id: 'a', title: 'A' }], title: 'Pick one' },
        fields: { slot: { type: 'choice', in: ['a'], required: true } },
        next: 'PAY',
      },
      PAY: { complete: {} },
      ASIDE: { complete: {} },
    },
  }),
)
const { flow } = compiled as { flow: Flow }
const elsewhere = compileFlow(
  'two',
  flowSchema.parse({
    start: 'PICK',
    forward: { url: 'http://127.0.0.1:9/' },
    screens: { PICK: { fields: { slot: { type: 'choice', in: ['a'], required: true } } }, PAY: {}, ASIDE: {} },
  }),
)
const { flow: forwarded } = elsewhere as { flow: Flow }
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

type Request = { action: string; screen: string; version: string; flow_token: string; data: JsonObject }

/** An endpoint for the flow above; each test spoils one thing in it. */
type Endpoint = {
  answer(request: Request): JsonObject
  /** The IV that the reply is encrypted with. */
  iv(iv: Buffer): Buffer
  respond(encrypted: string, plain: JsonObject): Response
}

const PICK = { slots: [{ id: 'a', title: 'A' }], title: 'Pick one' }

const HONEST: Endpoint = {
  answer({ action, screen, version, flow_token, data }) {
    if (action === 'ping') return { data: { status: 'active' } }
    if (data.error !== undefined) return { data: { acknowledged: true } }
    if (action !== 'data_exchange') return { version, screen: 'PICK', data: PICK }
    if (screen === 'PAY')
      return { version, screen: 'SUCCESS', data: { extension_message_response: { params: { flow_token } } } }
    if (data.slot === 'a') return { version, screen: 'PAY', data: {} }
    return { version, screen: 'PICK', data: { ...PICK, error_message: 'Please choose' } }
  },
  iv: (iv) => Buffer.from(iv.map((byte) => byte ^ 0xff)),
  respond: (encrypted) => new Response(encrypted, { headers: { 'content-type': 'text/plain' } }),
}

function handle(endpoint: Endpoint, key: KeyObject, body: string): Response {
  const { encrypted_flow_data, encrypted_aes_key, initial_vector } = JSON.parse(body)
  const wrapped = Buffer.from(encrypted_aes_key, 'base64')
  const aes = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, wrapped)
  const iv = Buffer.from(initial_vector, 'base64')
  const data = Buffer.from(encrypted_flow_data, 'base64')
  const decipher = createDecipheriv('aes-128-gcm', aes, iv).setAuthTag(data.subarray(-16))
  const text = Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString()
  const plain = endpoint.answer(JSON.parse(text))
  const cipher = createCipheriv('aes-128-gcm', aes, endpoint.iv(iv))
  const encrypted = Buffer.concat([cipher.update(JSON.stringify(plain)), cipher.final(), cipher.getAuthTag()])
  return endpoint.respond(encrypted.toString('base64'), plain)
}

const servers: { stop(force: boolean): Promise<void> }[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true)
})

function serve(endpoint: Partial<Endpoint>): string {
  const whole = { ...HONEST, ...endpoint }
  const server = Bun.serve({ port: 0, fetch: async (request) => handle(whole, privateKey, await request.text()) })
  servers.push(server)
  return `http://localhost:${server.port}/flows/two`
}

type Chances = { readonly [name: string]: Json }
const STEADY: Chances = { leave: [], invalid: 0, double_tap: 0, back: 0, client_error: 0, reopen: 0 }

async function run(url: string, chances: Chances = STEADY, sessions = 2, walked = flow): Promise<RunReport> {
  const profile = parseProfile({ ...STEADY, ...chances }, walked)
  if (!profile.ok) throw new Error(profile.problems[0]?.message)
  const options = { flow: walked, url, publicKey, profile: profile.profile, timezone: 'UTC', sessions, concurrency: 2 }
  return simulate({ ...options, seed: 's', run: 'r', pace: 0 }, { fetch, now: Date.now, sleep: async () => {} })
}

/** The honest answer with something else in its place where the condition holds. */
const but =
  (when: (request: Request) => boolean, change: (reply: JsonObject, request: Request) => JsonObject) =>
  (request: Request) => {
    const reply = HONEST.answer(request)
    return when(request) ? change(reply, request) : reply
  }
const isInit = ({ action }: Request) => action === 'INIT'
const isSubmitFrom = (from: string) => (request: Request) =>
  request.action === 'data_exchange' && request.screen === from

describe('a run against an endpoint', () => {
  test('that keeps to the protocol finds nothing wrong, whatever people do', async () => {
    const restless = {
      invalid: 0.3,
      double_tap: 0.3,
      back: 0.3,
      client_error: 0.3,
      reopen: 0.2,
      leave: [{ chance: 0.1 }],
    }
    const report = await run(serve({}), restless, 60)
    expect(report.wrong).toEqual({ count: 0, first: [] })
    expect(report.unreachable.count + report.stuck.count).toBe(0)
    expect(report.sessions.started).toBe(60)
    expect(report.sessions.completed + report.sessions.left).toBe(60)
    for (const count of Object.values(report.requests)) expect(count).toBeGreaterThan(0)
  })

  test('answered by a server of the business, it may lead to any of its screens', async () => {
    const restless = { invalid: 0.3, double_tap: 0.3, back: 0.3, reopen: 0.2, leave: [{ chance: 0.1 }] }
    const report = await run(serve({}), restless, 60, forwarded)
    expect(report.wrong).toEqual({ count: 0, first: [] })
    expect(report.sessions.completed).toBeGreaterThan(30)
    const lost = await run(
      serve({ answer: but(isInit, (reply) => ({ ...reply, screen: 'NOPE' })) }),
      STEADY,
      1,
      forwarded,
    )
    expect(lost.wrong.first[0]).toContain('expected screen PICK or PAY or ASIDE, found screen "NOPE"')
  })

  const cases: [string, Partial<Endpoint>, string, Chances?][] = [
    [
      'answers JSON instead of base64',
      { respond: (_, plain) => Response.json(plain) },
      'person 1 (sim-r-1) on opening: expected an encrypted answer, found a body that is not base64: "{',
    ],
    [
      'says that its base64 is JSON',
      { respond: (text) => new Response(text, { headers: { 'content-type': 'application/json' } }) },
      'expected an encrypted answer, found content type application/json instead of text/plain',
    ],
    [
      'does not invert the IV',
      { iv: (iv) => iv },
      'person 1 (sim-r-1) on opening: expected an encrypted answer, found a body whose IV was not inverted',
    ],
    [
      'opens on another screen',
      { answer: but(isInit, (reply) => ({ ...reply, screen: 'PAY', data: {} })) },
      'on opening: expected screen PICK, found screen "PAY"',
    ],
    [
      'leads to a screen that is not next',
      { answer: but(isSubmitFrom('PICK'), (reply) => ({ ...reply, screen: 'ASIDE' })) },
      'on submitting good data from PICK: expected screen PAY, found screen "ASIDE"; it was sent {"slot":"a"}',
    ],
    [
      'leads to a screen that does not exist',
      { answer: but(isSubmitFrom('PICK'), (reply) => ({ ...reply, screen: 'MOON' })) },
      'expected screen PAY, found screen "MOON", which the flow does not define',
    ],
    [
      'refuses good data',
      {
        answer: but(isSubmitFrom('PICK'), (reply) => ({
          ...reply,
          screen: 'PICK',
          data: { ...PICK, error_message: 'No.' },
        })),
      },
      'on submitting good data from PICK: expected screen PAY, found screen "PICK" saying "No."',
    ],
    [
      'leaves out data of a screen',
      { answer: but(isInit, (reply) => ({ ...reply, data: { slots: [] } })) },
      'on opening: expected all that PICK is shown with, found data without title',
    ],
    [
      'sends null',
      { answer: but(isInit, (reply) => ({ ...reply, data: { ...PICK, slots: [{ id: 'a', title: null }] } })) },
      'on opening: expected no null anywhere, found one at data.slots.0.title',
    ],
    [
      'does not echo the version',
      { answer: but(isInit, ({ version, ...reply }) => reply) },
      'on opening: expected version 4.0 back, found none',
    ],
    [
      'accepts what must be refused',
      { answer: but(isSubmitFrom('PICK'), ({ version }) => ({ version: version as Json, screen: 'PAY', data: {} })) },
      'on submitting a bad slot from PICK: expected screen PICK, found screen "PAY"',
      { invalid: 1 },
    ],
    [
      'refuses without a word',
      { answer: but(isSubmitFrom('PICK'), (reply) => ({ ...reply, screen: 'PICK', data: PICK })) },
      'on submitting a bad slot from PICK: expected an error_message, found none',
      { invalid: 1 },
    ],
    [
      'completes for somebody else',
      {
        answer: but(isSubmitFrom('PAY'), (reply) => ({
          ...reply,
          data: { extension_message_response: { params: { flow_token: 'other' } } },
        })),
      },
      'params.flow_token to be the token, found "other"',
    ],
    [
      'does not acknowledge an error of the phone',
      {
        answer: but(
          ({ data }) => data?.error !== undefined,
          () => ({ data: {} }),
        ),
      },
      'on reporting an error of the phone from PICK: expected exactly {"data":{"acknowledged":true}}, found {"data":{}}',
      { client_error: 1 },
    ],
    [
      'answers a ping with more than asked',
      {
        answer: but(
          ({ action }) => action === 'ping',
          (reply, { version }) => ({ ...reply, version }),
        ),
      },
      'the health check (ping): expected exactly {"data":{"status":"active"}}, found {"data":{"status":"active"},"version"',
    ],
    [
      'goes forth when asked to go back',
      {
        answer: but(
          ({ action }) => action === 'BACK',
          (reply) => ({ ...reply, screen: 'ASIDE', data: {} }),
        ),
      },
      'on going back from PAY: expected screen PICK, found screen "ASIDE"',
      { back: 1 },
    ],
    [
      'cannot decrypt',
      { respond: () => new Response(null, { status: 421 }) },
      'found status 421: it cannot decrypt; is its private key the first of meta.keys in this config?',
    ],
    [
      'refuses the signature',
      { respond: () => new Response(null, { status: 432 }) },
      'found status 432: it refuses the sig',
    ],
    [
      'refuses the token',
      {
        answer: but(isInit, () => ({ error_msg: 'Gone' })),
        respond: (text, plain) =>
          'error_msg' in plain ? new Response(text, { status: 427 }) : HONEST.respond(text, plain),
      },
      'found status 427: it refuses the flow token, saying "Gone"',
    ],
    [
      'breaks, and says so encrypted',
      {
        answer: but(isInit, () => ({ screen: '', data: { error_message: 'Try again' } })),
        respond: (text, plain) =>
          plain.screen === '' ? new Response(text, { status: 503 }) : HONEST.respond(text, plain),
      },
      'found status 503 saying "Try again"',
    ],
    [
      'breaks, and says so under another key',
      { respond: () => new Response('A'.repeat(64), { status: 500 }) },
      "found status 500 with a body the request's key does not open",
    ],
    ['breaks', { respond: () => new Response('oops', { status: 500 }) }, 'found status 500 saying "oops"'],
  ]
  test.each(cases)('that %s is found out', async (...[, endpoint, sentence, chances]) => {
    const report = await run(serve(endpoint), chances)
    expect(report.wrong.first).toEqual(expect.arrayContaining([expect.stringContaining(sentence)]))
    expect(report.unreachable.count).toBe(0)
  })

  test('that two taps at once lead to different screens is found out', async () => {
    const forked = compileFlow(
      'fork',
      flowSchema.parse({
        start: 'A',
        screens: { A: { next: [{ when: 'false', to: 'B' }, { to: 'C' }] }, B: { complete: {} }, C: { complete: {} } },
      }),
    )
    let taps = 0
    const url = serve({
      answer: ({ action, version }) =>
        action === 'ping'
          ? { data: { status: 'active' } }
          : { version, screen: action === 'INIT' ? 'A' : taps++ === 0 ? 'B' : 'C', data: {} },
    })
    const { flow: fork } = forked as { flow: Flow }
    const profile = parseProfile({ ...STEADY, double_tap: 1 }, fork)
    if (!profile.ok) throw new Error(profile.problems[0]?.message)
    const report = await simulate(
      {
        flow: fork,
        url,
        publicKey,
        profile: profile.profile,
        timezone: 'UTC',
        sessions: 1,
        concurrency: 1,
        seed: '',
        run: 'r',
        pace: 0,
      },
      { fetch, now: Date.now, sleep: async () => {} },
    )
    expect(report.wrong.first[0]).toMatch(
      /twice at once: expected the same screen both times, found (B and C|C and B)$/,
    )
  })

  test('keeps the first twenty sentences and counts the rest', async () => {
    const report = await run(serve({ iv: (iv) => iv }), STEADY, 40)
    expect(report.wrong.first).toHaveLength(20)
    expect(report.wrong.count).toBe(41)
  })

  test('that is not there is not an answer, but the run goes on', async () => {
    const url = serve({})
    await servers.pop()?.stop(true)
    const report = await run(url)
    expect(report.sessions).toMatchObject({ started: 2, completed: 0 })
    expect(report.unreachable.count).toBe(3)
    const found =
      'on opening: expected an encrypted answer, found none: the connection was refused; is the endpoint running?'
    expect(report.unreachable.first).toContain(`person 1 (sim-r-1) ${found}`)
    expect(report.unreachable.first).toContain(`person 2 (sim-r-2) ${found}`)
    expect(report.statuses).toEqual({})
  })
})
