// A flow whose answers come from another server, in plain JSON.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { dayFlowJson } from '../../test/day-flow-json.ts'
import { clientOf, configWith, type Folder, makeFolder, type Running } from '../../test/kit.ts'
import { personOf } from '../../test/person.ts'
import { createApp } from '../app.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { createLog } from '../lib/log.ts'
import { FAILURES_TO_OPEN } from './circuit-breaker.ts'

const SECRET = 'whsec-of-thirty-two-characters-00'
let now = Date.UTC(2026, 2, 1, 12)

type Asked = { readonly headers: Headers; readonly text: string; readonly body: JsonObject }
let asked: Asked[] = []
let reply: (asked: Asked) => Response | Promise<Response>
const other = Bun.serve({
  port: 0,
  async fetch(request) {
    const text = await request.text()
    const one = { headers: request.headers, text, body: JSON.parse(text) as JsonObject }
    asked.push(one)
    return reply(one)
  },
})

const json =
  (body: Json, status = 200) =>
  () =>
    Response.json(body, { status })
const DAY = { days: [{ id: 'mon', title: 'Monday' }] }

const CONFIG = `
plain:
  forward: { url: "${other.url.origin}/flow", secret: ${SECRET}, headers: { Authorization: Bearer t1 } }
  failure_message: Sorry, once more please
  screens:
    DAY:
      fields: { day: { type: choice, required: true, message: Pick a day } }
held:
  flow_json: flow.json
  forward: { url: "${other.url.origin}/held" }
partly:
  start: DAY
  screens:
    DAY: { data: { days: [{ id: mon, title: Monday }] }, fields: { day: { type: choice } }, next: TIME }
    TIME:
      data: { hint: { expr: "'for ' & known.day" } }
      fields: { time: { type: text, required: true } }
      forward: { url: "${other.url.origin}/partly" }
    DONE: { data: { day: { expr: known.day } }, complete: { at: { expr: known.time } } }
`

let running: Pick<Running, 'app' | 'client'> & { readonly folder: Folder }
beforeAll(async () => {
  const folder = await makeFolder(configWith(CONFIG))
  await writeFile(join(folder.path, 'flow.json'), JSON.stringify(dayFlowJson))
  const app = await createApp(await folder.load(), { log: createLog('silent'), clock: () => now })
  running = { app, folder, client: clientOf((request) => app.handle(request), folder) }
})
afterAll(async () => {
  await running.app.stop()
  await running.folder.remove()
  other.stop(true)
})
beforeEach(() => {
  asked = []
})

let tokens = 0
const person = (flow: string) => personOf({ ...running, beforeEach: () => (now += 1_000) }, flow, `p-${++tokens}`)

describe('what the server is asked', () => {
  test('on opening, on a submission and on Back: Meta’s words, and the session as it is known', async () => {
    const ana = person('plain')
    reply = json({ screen: 'DAY', data: DAY })
    await ana.open()
    const startedAt = now
    reply = json({ screen: 'TIME', data: {} })
    await ana.submit('DAY', { day: 'mon', note: 'hi' })
    reply = json({ screen: 'DAY', data: DAY })
    await ana.back('TIME')
    const session = { id: expect.any(String), startedAt, vars: {} }
    const said = { day: 'mon', note: 'hi' }
    const key = { idempotency_key: expect.any(String) }
    const common = { flow: 'plain', version: '3.0', flow_token: ana.token, ...key }
    expect(asked.map(({ body }) => body)).toEqual([
      { ...common, action: 'INIT', screen: '', data: {}, session: { ...session, screens: [], known: {}, at: {} } },
      {
        ...common,
        action: 'data_exchange',
        screen: 'DAY',
        data: said,
        session: { ...session, screens: ['DAY'], known: said, at: { DAY: said } },
      },
      {
        ...common,
        action: 'BACK',
        screen: 'TIME',
        data: {},
        session: { ...session, screens: ['DAY', 'TIME'], known: said, at: { DAY: said } },
      },
    ])
    expect(new Set(asked.map(({ body }) => (body.session as JsonObject).id)).size).toBe(1)
  })

  test('is signed over time and body, with the headers of the config', async () => {
    reply = json({ screen: 'DAY', data: DAY })
    await person('plain').open()
    const [{ headers, text } = { headers: new Headers(), text: '' }] = asked
    const seconds = now / 1000
    const expected = createHmac('sha256', SECRET).update(`${seconds}.${text}`).digest('hex')
    expect(headers.get('x-screentrail-signature')).toBe(`t=${seconds},v1=${expected}`)
    expect(headers.get('authorization')).toBe('Bearer t1')
  })

  test('without a secret nothing is signed', async () => {
    reply = json({ screen: 'DAY', data: { ...DAY, note: '' } })
    await person('held').open()
    expect(asked[0]?.headers.has('x-screentrail-signature')).toBe(false)
  })

  test('a try after a failure has the same key, another submission another; a second tap is not asked again', async () => {
    const ana = person('plain')
    reply = json({ screen: 'DAY', data: DAY })
    await ana.open()
    reply = json({}, 500)
    await ana.submit('DAY', { day: 'mon' })
    reply = json({ screen: 'TIME', data: {} })
    const first = await ana.submit('DAY', { day: 'mon' })
    const again = await ana.submit('DAY', { day: 'mon' })
    expect(again.reply).toEqual(first.reply)
    await ana.submit('TIME', { time: '9' })
    const keys = asked.map(({ headers }) => headers.get('idempotency-key'))
    expect(asked.map(({ body }) => body.idempotency_key)).toEqual(keys)
    expect(keys.length).toBe(4)
    expect(keys[1]).toBe(keys[2] as string)
    expect(new Set(keys).size).toBe(3)
  })

  test('each try of an opening has the same key until one is served', async () => {
    const ana = person('plain')
    for (const isServed of [true, false, false, true, true]) {
      reply = isServed ? json({ screen: 'DAY', data: DAY }) : json({}, 500)
      await ana.open()
    }
    const [first, second, third, fourth, fifth] = asked.map(({ body }) => body.idempotency_key)
    expect([second, third]).toEqual([fourth, fourth] as Json[])
    expect(new Set([first, second, fifth]).size).toBe(3)
  })

  test('nothing, where a declared field is wrong', async () => {
    const ana = person('plain')
    reply = json({ screen: 'DAY', data: DAY })
    await ana.open()
    const { reply: refused } = await ana.submit('DAY', { day: '' })
    expect(refused).toEqual({ version: '3.0', screen: 'DAY', data: { ...DAY, error_message: 'Pick a day' } })
    expect(asked.length).toBe(1)
    expect((await ana.events())[1]).toMatchObject({
      outcome: 'rejected',
      errors: [{ code: 'invalid_field', field: 'day', rule: 'required', message: 'Pick a day' }],
    })
  })
})

describe('what the server answers', () => {
  const on = async (flow: string, answer: () => Response | Promise<Response>) => {
    const ana = person(flow)
    reply = json({ screen: 'DAY', data: { ...DAY, note: 'n' } })
    await ana.open()
    reply = answer
    const sent = await ana.submit('DAY', { day: 'mon' })
    const [, event] = await ana.events()
    return { ...sent, event }
  }

  test('a screen: that one, with its data as given', async () => {
    const data = { label: 'At', slots: [{ id: 's', title: 'S' }] }
    const { reply: got, event } = await on('plain', json({ screen: 'TIME', data }))
    expect(got).toEqual({ version: '3.0', screen: 'TIME', data })
    expect(event).toMatchObject({ screen: 'DAY', next: 'TIME', outcome: 'shown', errors: [] })
    expect(event?.upstreamMs).toBeGreaterThan(0)
  })

  test('the end: completed, with the token where it is missing', async () => {
    const data = { extension_message_response: { params: { ref: 'B-1' } } }
    const { reply: got, event } = await on('plain', json({ screen: 'SUCCESS', data }))
    const params = { flow_token: event?.token ?? '', ref: 'B-1' }
    expect(got).toEqual({ version: '3.0', screen: 'SUCCESS', data: { extension_message_response: { params } } })
    expect(event).toMatchObject({ next: 'SUCCESS', outcome: 'completed' })
  })

  test('a sentence: they stay, with all that the screen showed; it is a refusal', async () => {
    const { reply: got, event } = await on('plain', json({ error_message: 'Monday is full', field: 'day' }))
    expect(got).toEqual({ version: '3.0', screen: 'DAY', data: { ...DAY, note: 'n', error_message: 'Monday is full' } })
    const refusal = { code: 'invalid_field', field: 'day', rule: 'api', message: 'Monday is full' }
    expect(event).toMatchObject({ outcome: 'rejected', next: 'DAY', errors: [refusal] })
  })

  test.each([
    [{}, 'forward'],
    [{ field: 'day' }, 'day'],
  ])('the same screen with an error_message, as Meta has it, and %j: a refusal of %s', async (more, field) => {
    const { event } = await on('plain', json({ screen: 'DAY', data: { ...DAY, error_message: 'Full' }, ...more }))
    const refusal = { code: 'invalid_field', field, rule: 'api', message: 'Full' }
    expect(event).toMatchObject({ outcome: 'rejected', next: 'DAY', errors: [refusal] })
  })

  test('what its sentence quotes of what they typed is told, and not stored', async () => {
    const ana = person('partly')
    await ana.open()
    await ana.submit('DAY', { day: 'mon' })
    reply = json({ error_message: 'At 9:15 on mon we are at lunch' })
    const { reply: got } = await ana.submit('TIME', { time: '9:15' })
    expect(got).toMatchObject({ data: { error_message: 'At 9:15 on mon we are at lunch' } })
    expect((await ana.events()).at(-1)?.errors).toMatchObject([{ message: 'At … on mon we are at lunch' }])
    reply = json({ error_message: 'Ann Smithers is not known' })
    await ana.submit('TIME', { first: 'Ann', time: 'Ann Smithers' })
    expect((await ana.events()).at(-1)?.errors).toMatchObject([{ message: '… is not known' }])
  })

  test('what it wants to know again comes back, until the flow is opened again', async () => {
    const ana = person('plain')
    reply = json({ screen: 'DAY', data: DAY, vars: { offer: 'A-17', tries: 0 } })
    await ana.open()
    reply = json({ error_message: 'Full', vars: { tries: 1 } })
    await ana.submit('DAY', { day: 'mon' })
    reply = json({}, 500)
    await ana.submit('DAY', { day: 'mon' })
    reply = json({ screen: 'DAY', data: DAY })
    await ana.open()
    await ana.submit('DAY', { day: 'mon' })
    const vars = asked.map(({ body }) => (body.session as JsonObject).vars as Json)
    expect(vars).toEqual([{}, { offer: 'A-17', tries: 0 }, { offer: 'A-17', tries: 1 }, {}, {}])
  })

  test('an opening is asked about each time, as a first answer may have been a poor one', async () => {
    const ana = person('plain')
    reply = json({ screen: 'SORRY', data: {} })
    await ana.open()
    reply = json({ screen: 'DAY', data: DAY })
    expect((await ana.open()).reply).toMatchObject({ screen: 'DAY' })
  })

  test.each([
    ['in the body', json({ status: 427, error_msg: 'Too late' })],
    ['as the status', json({ error_msg: 'Too late' }, 427)],
  ])('427 %s: the flow closes with the sentence', async (_, answer) => {
    const { status, reply: got, event } = await on('plain', answer)
    expect([status, got]).toEqual([427, { error_msg: 'Too late' }])
    expect(event).toMatchObject({ outcome: 'rejected' })
  })

  test.each<[what: string, flow: string, answer: () => Response | Promise<Response>, code: string, message: string]>([
    ['5xx', 'plain', json({}, 502), 'upstream_status', 'forward answered 502'],
    ['404', 'plain', json({}, 404), 'upstream_body', 'forward answered 404'],
    ['no JSON', 'plain', () => new Response('<html>'), 'upstream_body', 'forward did not answer JSON'],
    ['a list', 'plain', json([1]), 'upstream_body', 'forward answered JSON that is no object'],
    [
      'nothing that means anything',
      'plain',
      json({ ok: true }),
      'upstream_body',
      'forward answered neither a screen nor an error_message nor status 427',
    ],
    [
      'data that is a text',
      'plain',
      json({ screen: 'TIME', data: 'x' }),
      'upstream_body',
      'forward answered data that is no object',
    ],
    [
      'a name that no screen has',
      'plain',
      json({ screen: 'T 1', data: {} }),
      'upstream_body',
      'forward answered with a screen whose name no phone takes',
    ],
    [
      'a screen that the Flow JSON does not have',
      'held',
      json({ screen: 'OTHER', data: {} }),
      'upstream_body',
      'forward answered with a screen that the Flow JSON does not have',
    ],
    [
      'a screen that may not follow',
      'held',
      json({ screen: 'DONE', data: {} }),
      'upstream_body',
      'forward answered with screen DONE, which the Flow JSON does not allow after DAY',
    ],
  ])('%s: they stay with the failure message, and it is on the trail', async (_, flow, answer, code, message) => {
    const { status, reply: got, event } = await on(flow, answer)
    expect(status).toBe(200)
    expect(got).toMatchObject({ screen: 'DAY', data: DAY })
    const told = flow === 'plain' ? 'Sorry, once more please' : 'Something went wrong on our side. Please try again.'
    expect(got).toMatchObject({ data: { error_message: told } })
    expect(event).toMatchObject({ outcome: 'failed', next: 'DAY', errors: [{ code, field: 'forward', message }] })
  })

  test('data that does not fit the Flow JSON is made to fit, and told', async () => {
    const { reply: got, event } = await on('held', json({ screen: 'TIME', data: {} }))
    expect(got).toMatchObject({ screen: 'TIME' })
    expect(event?.errors).toMatchObject([{ code: 'reply_mismatch', field: 'label' }])
  })
})

test('a screen that a phone makes up is neither stored nor learned, though the server names it again', async () => {
  const mallory = person('plain')
  reply = ({ body }) => Response.json({ screen: body.screen as string, data: { error_message: 'Try again' } })
  for (const screen of ['Ana Maria Perez', 'JUNK_A', 'JUNK_B']) await mallory.submit(screen, {})
  reply = json({}, 500)
  await mallory.submit('JUNK_C', {})
  expect(JSON.stringify(await mallory.events())).not.toMatch(/Ana|JUNK/)
  const { report } = (await running.app.report('answers', { flow: 'plain' }, now)) as { report: { learned: Json } }
  expect(JSON.stringify(report.learned)).not.toContain('JUNK')
})

test('on opening there is no screen to stay on: the phone is told so and offers to try again', async () => {
  const ana = person('plain')
  reply = json({}, 500)
  expect((await ana.open()).status).toBe(503)
  reply = json({ screen: 'DAY', data: DAY })
  expect((await ana.open()).reply).toMatchObject({ screen: 'DAY' })
  expect(await ana.events()).toMatchObject([
    { outcome: 'failed', next: '' },
    { outcome: 'shown', next: 'DAY' },
  ])
})

test('whatever the server answers, the person gets a screen, and may try again', async () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record(
      { screen: fc.jsonValue(), data: fc.jsonValue(), error_message: fc.jsonValue(), status: fc.jsonValue() },
      { requiredKeys: [] },
    ),
  )
  // Well below the failures in a row after which the server is left alone: these are answers.
  await fc.assert(
    fc.asyncProperty(anything, async (answer) => {
      const ana = person('held')
      reply = json({ screen: 'DAY', data: { ...DAY, note: 'n' } })
      await ana.open()
      reply = () => new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })
      const { status, reply: got } = await ana.submit('DAY', { day: 'mon' })
      expect([200, 427]).toContain(status)
      if (status === 200) expect(['DAY', 'TIME', 'SUCCESS']).toContain(got?.screen as string)
      reply = json({ screen: 'TIME', data: { label: 'x' } })
      await ana.submit('DAY', { day: 'mon' })
    }),
    { numRuns: 40 },
  )
})

test('one screen is forwarded, the rest is the config’s: what both give a screen comes together', async () => {
  const ana = person('partly')
  await ana.open()
  expect((await ana.submit('DAY', { day: 'mon' })).reply?.data).toEqual({ hint: 'for mon' })
  expect(asked).toEqual([])
  reply = json({ screen: 'DONE', data: { price: 12 } })
  expect((await ana.submit('TIME', { time: '9:00' })).reply).toMatchObject({
    screen: 'DONE',
    data: { day: 'mon', price: 12 },
  })
  expect(asked[0]?.body).toMatchObject({ screen: 'TIME', session: { known: { day: 'mon', time: '9:00' } } })
  const { reply: end } = await ana.submit('DONE', {})
  expect(end).toMatchObject({ screen: 'SUCCESS', data: { extension_message_response: { params: { at: '9:00' } } } })
})

test('a server that fails again and again is left alone: people are answered at once, of other servers as before', async () => {
  const people = Array.from({ length: FAILURES_TO_OPEN + 2 }, () => person('partly'))
  reply = json({}, 500)
  for (const each of people) {
    await each.open()
    await each.submit('DAY', { day: 'mon' })
    expect((await each.submit('TIME', { time: '9' })).reply).toMatchObject({
      screen: 'TIME',
      data: { hint: 'for mon' },
    })
  }
  expect(asked.length).toBe(FAILURES_TO_OPEN)
  const last = (await people.at(-1)?.events())?.at(-1)
  expect(last).toMatchObject({ outcome: 'failed', errors: [{ code: 'upstream_spared', field: 'forward' }] })
  reply = json({ screen: 'DAY', data: DAY })
  expect((await person('plain').open()).status).toBe(200)
})
