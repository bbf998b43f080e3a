import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { configWith, makeFolder, type Running, startApp } from '../../test/kit.ts'
import { createApp } from '../app.ts'
import { isBalanced } from '../journal/ledger.ts'
import { sha256 } from '../lib/ids.ts'
import { createLog } from '../lib/log.ts'
import { sealRequest, signBody, signToken } from '../simulate/client.ts'
import { MAX_BODY_BYTES } from './request-body.ts'

const BOOKING = `
booking:
  start: SERVICE
  screens:
    SERVICE:
      data: { services: [{ id: fix, title: Repair }, { id: new, title: New }] }
      fields: { service: { type: choice, in: [fix, new], required: true, message: Pick a service } }
      next: CONTACT
    CONTACT:
      data: { chosen: { expr: input.service } }
      fields:
        name: { type: text, required: true, max: 20 }
        phone: { type: phone, required: true }
      next: DONE
    DONE:
      data: { service: { expr: known.service } }
      complete: { booking: "B-{{ session.id }}" }
guarded:
  start: ONLY
  screens: { ONLY: { complete: {} } }
  tokens: { accept: "token != 'expired'", expired_message: The order has already been placed }
`

const init = (token: string) => ({ version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: token })
const submit = (token: string, screen: string, data: Record<string, string | number>) => ({
  version: '3.0',
  action: 'data_exchange',
  screen,
  data,
  flow_token: token,
})

let running: Running
beforeAll(async () => {
  running = await startApp({ config: configWith(BOOKING) })
})
afterAll(() => running.stop())

const incidents = async () => {
  await running.app.settled()
  return running.app.store.incidentCounts()
}

describe('a person walking the flow', () => {
  test('is led from screen to screen, and every step is on the trail', async () => {
    const { client, app } = running
    const first = await client.send('booking', init('walker'))
    expect(first.reply).toEqual({
      version: '3.0',
      screen: 'SERVICE',
      data: {
        services: [
          { id: 'fix', title: 'Repair' },
          { id: 'new', title: 'New' },
        ],
      },
    })

    const refused = await client.send('booking', submit('walker', 'SERVICE', { service: 'paint' }))
    expect(refused.reply).toMatchObject({ screen: 'SERVICE', data: { error_message: 'Pick a service' } })

    const second = await client.send('booking', submit('walker', 'SERVICE', { service: 'fix' }))
    expect(second.reply).toEqual({ version: '3.0', screen: 'CONTACT', data: { chosen: 'fix' } })

    const back = await client.send('booking', { ...init('walker'), action: 'BACK', screen: 'CONTACT' })
    expect(back.reply).toMatchObject({ screen: 'SERVICE' })
    await client.send('booking', submit('walker', 'SERVICE', { service: 'new' }))

    const third = await client.send('booking', submit('walker', 'CONTACT', { name: 'Zoë', phone: '+351 912 345 678' }))
    expect(third.reply).toEqual({ version: '3.0', screen: 'DONE', data: { service: 'new' } })

    const last = await client.send('booking', submit('walker', 'DONE', {}))
    await app.settled()
    const [session] = await app.store.sessionsOf([{ flow: 'booking', token: 'walker' }])
    expect(last.reply).toEqual({
      version: '3.0',
      screen: 'SUCCESS',
      data: { extension_message_response: { params: { booking: `B-${session?.id}`, flow_token: 'walker' } } },
    })
    expect(session?.steps.map((step) => `${step.screen} ${step.end}`)).toEqual([
      'SERVICE submitted',
      'CONTACT back',
      'SERVICE submitted',
      'CONTACT submitted',
      'DONE completed',
    ])
    expect(session?.counts).toMatchObject({ events: 7, rejects: 1, backs: 1, repeats: 0 })

    const events = await app.store.eventsOf('booking', 'walker')
    expect(events.map((event) => event.outcome)).toEqual([
      'shown',
      'rejected',
      'shown',
      'shown',
      'shown',
      'shown',
      'completed',
    ])
    expect(events[5]?.input).toEqual({ name: { $length: 3 }, phone: { $hash: expect.stringMatching(/^h:/) } })
    expect(events[0]?.id).toBe(sha256(first.sealed.body))
    // Longer than what an instant or a hash may have by chance.
    expect(JSON.stringify(events)).not.toMatch(/Zoë|912 ?345|345 ?678/)
  })

  test('gets the acknowledgement Meta documents for an error notification, and the error is on the trail', async () => {
    const { client, app } = running
    await client.send('booking', init('reporter'))
    const data = { error: 'payload-schema-error', error_message: 'missing services' }
    const { status, reply } = await client.send('booking', { ...submit('reporter', 'SERVICE', data) })
    expect({ status, reply }).toEqual({ status: 200, reply: { data: { acknowledged: true } } })
    await app.settled()
    const event = (await app.store.eventsOf('booking', 'reporter')).at(-1)
    expect(event).toMatchObject({
      action: 'client_error',
      outcome: 'acknowledged',
      errors: [{ code: 'client:payload-schema-error', message: 'Its message had 16 characters.' }],
      input: {},
    })
  })

  test('is known again after a restart, from what is written down', async () => {
    const folder = await makeFolder(configWith(BOOKING))
    const log = createLog('silent')
    const post = async (app: Awaited<ReturnType<typeof createApp>>, request: ReturnType<typeof init>) => {
      const { clientOf } = await import('../../test/kit.ts')
      return (await clientOf((http) => app.handle(http), folder).send('booking', request)).reply
    }
    const before = await createApp(await folder.load(), { log })
    await post(before, init('survivor'))
    await post(before, submit('survivor', 'SERVICE', { service: 'fix' }))
    await before.stop()

    const after = await createApp(await folder.load(), { log })
    expect(await post(after, submit('survivor', 'CONTACT', { name: 'Ana', phone: '912345678' }))).toMatchObject({
      screen: 'DONE',
      data: { service: 'fix' },
    })
    await after.stop()
    await folder.remove()
  })

  test('sending the very same bytes again is stored once', async () => {
    const { app, folder, client } = running
    const sealed = sealRequest(init('twice'), folder.publicKey, folder.appSecret)
    for (const _ of [1, 2, 3])
      expect((await client.post('booking', sealed.body, { ...sealed.headers })).status).toBe(200)
    await app.settled()
    expect(await app.store.eventsOf('booking', 'twice')).toHaveLength(1)
    expect(isBalanced(await app.ledger())).toBe(true)
  })

  test.each(['', 'unused'])('with the token %p is answered and kept, but belongs to no session', async (token) => {
    const { app, client } = running
    const before = (await app.store.totals(Date.now(), 1)).untracked
    expect((await client.send('booking', init(token))).reply).toMatchObject({ screen: 'SERVICE' })
    await app.settled()
    expect((await app.store.totals(Date.now(), 1)).untracked).toBe(before + 1)
    expect(await app.store.sessionsOf([{ flow: 'booking', token }])).toEqual([])
  })
})

describe('Meta’s health check', () => {
  test('is answered word for word, and leaves no event', async () => {
    const { client, app } = running
    const received = (await app.ledger()).received
    expect(await client.send('booking', { version: '3.0', action: 'ping' })).toMatchObject({
      status: 200,
      reply: { data: { status: 'active' } },
    })
    expect((await app.ledger()).received).toBe(received)
  })
})

describe('what is refused', () => {
  type Case = {
    name: string
    status: number
    category: string
    flow?: string
    body?: () => BodyInit
    headers?: (body: string) => Record<string, string>
    request?: Record<string, unknown>
  }
  const signed = (body: string) => ({ 'x-hub-signature-256': signBody(body, running.folder.appSecret) })
  const good = () => sealRequest(init('stranger'), running.folder.publicKey, running.folder.appSecret).body
  const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  const cases: Case[] = [
    { name: 'a flow that does not exist', flow: 'nothing', status: 404, category: 'unknown_flow' },
    { name: 'no signature header', headers: () => ({}), status: 432, category: 'bad_signature' },
    {
      name: 'a signature of the wrong length',
      headers: () => ({ 'x-hub-signature-256': 'sha256=abc' }),
      status: 432,
      category: 'bad_signature',
    },
    {
      name: 'a signature under another secret',
      headers: (body) => ({ 'x-hub-signature-256': signBody(body, 'other') }),
      status: 432,
      category: 'bad_signature',
    },
    {
      name: 'random bytes',
      body: () => crypto.getRandomValues(new Uint8Array(5_000)),
      status: 432,
      category: 'bad_signature',
    },
    { name: 'an empty body', body: () => '', headers: signed, status: 400, category: 'malformed' },
    {
      name: 'a signed body that is not JSON',
      body: () => 'hello',
      headers: signed,
      status: 400,
      category: 'malformed',
    },
    {
      name: 'a signed body nested 50,000 deep',
      body: () => nested,
      headers: signed,
      status: 400,
      category: 'malformed',
    },
    {
      name: 'a signed envelope of numbers',
      body: () => '{"encrypted_flow_data":1}',
      headers: signed,
      status: 400,
      category: 'malformed',
    },
    { name: 'a 10 MB body', body: () => 'x'.repeat(10_000_000), headers: signed, status: 413, category: 'too_large' },
    {
      name: 'a 10 MB body of no announced length',
      body: () => chunked(10_000_000),
      headers: () => ({}),
      status: 413,
      category: 'too_large',
    },
    { name: 'an unknown action', request: { ...init('x'), action: 'DELETE' }, status: 400, category: 'malformed' },
    { name: 'a token that is a number', request: { ...init('x'), flow_token: 5 }, status: 400, category: 'malformed' },
    { name: 'data that is a list', request: { ...init('x'), data: [1] }, status: 400, category: 'malformed' },
    { name: 'a screen that is an object', request: { ...init('x'), screen: {} }, status: 400, category: 'malformed' },
    {
      name: 'a token the flow does not accept',
      flow: 'guarded',
      request: init('expired'),
      status: 427,
      category: 'token_refused',
    },
    {
      name: 'a token signature of another token',
      request: { ...init('x'), flow_token_signature: 'a.b.c' },
      status: 427,
      category: 'token_refused',
    },
  ]

  function chunked(size: number): ReadableStream {
    let left = size
    return new ReadableStream({
      pull(controller) {
        const chunk = Math.min(left, 65_536)
        left -= chunk
        if (chunk === 0) controller.close()
        else controller.enqueue(new Uint8Array(chunk))
      },
    })
  }

  test.each(cases)(
    '$name: $status, on record as $category',
    async ({ flow = 'booking', status, category, body, headers, request }) => {
      const before = (await incidents())[category as 'malformed'] ?? 0
      const content = request
        ? sealRequest(request as never, running.folder.publicKey, running.folder.appSecret).body
        : (body ?? good)()
      const response = await running.client.post(flow, content, (headers ?? signed)(String(content)))
      expect(response.status).toBe(status)
      expect((await incidents())[category as 'malformed']).toBe(before + 1)
      expect((await running.client.send('booking', init('alive'))).status).toBe(200)
    },
  )

  test('a refused token gets its sentence encrypted, as Meta’s client expects it', async () => {
    const { status, reply } = await running.client.send('guarded', init('expired'))
    expect({ status, reply }).toEqual({ status: 427, reply: { error_msg: 'The order has already been placed' } })
  })

  test('a right token signature is accepted', async () => {
    const flow_token_signature = signToken('signed', running.folder.appSecret)
    const { status } = await running.client.send('booking', { ...init('signed'), version: '4.0', flow_token_signature })
    expect(status).toBe(200)
  })

  test('a payload of exactly 1 MB gets through', async () => {
    const data = { note: 'x'.repeat(1024 * 1024 - 200) }
    const sealed = sealRequest({ ...init('large'), data }, running.folder.publicKey, running.folder.appSecret)
    expect(sealed.body.length).toBeLessThanOrEqual(MAX_BODY_BYTES)
    expect((await running.client.post('booking', sealed.body, { ...sealed.headers })).status).toBe(200)
  })

  test('a screen that does not exist leaves the person in the flow, and is on the trail', async () => {
    const { app, client } = running
    const { reply } = await client.send('booking', submit('lost', 'NOWHERE', { a: 'b' }))
    expect(reply).toMatchObject({ screen: 'SERVICE', data: { error_message: expect.any(String) } })
    await app.settled()
    expect((await app.store.eventsOf('booking', 'lost'))[0]).toMatchObject({
      outcome: 'failed',
      errors: [{ code: 'unknown_screen' }],
      input: { $undeclared: { $count: 1, $length: 1 } },
    })
  })

  test('fields of the wrong type are refused by name', async () => {
    const { app, client } = running
    const { reply } = await client.send('booking', submit('typed', 'CONTACT', { name: 7, phone: 'call me' }))
    expect(reply).toMatchObject({ screen: 'CONTACT', data: { error_message: expect.stringContaining('phone') } })
    await app.settled()
    const errors = (await app.store.eventsOf('booking', 'typed'))[0]?.errors.map(
      (error) => `${error.field} ${error.rule}`,
    )
    expect(errors).toEqual(['name type', 'phone type'])
  })
})

describe('whatever is sent', () => {
  const statuses = [200, 400, 404, 413, 421, 427, 432]

  test('any signed body gets one of the statuses of the protocol', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), envelopes), async (body) => {
        const signature = { 'x-hub-signature-256': signBody(body, running.folder.appSecret) }
        const { status } = await running.client.post('booking', body, signature)
        expect(statuses).toContain(status)
      }),
    )
  })

  test('any plaintext gets one of the statuses of the protocol', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const { status } = await running.client.send('booking', request as never)
        expect(statuses).toContain(status)
      }),
    )
    await running.app.settled()
    expect(isBalanced(await running.app.ledger())).toBe(true)
  })

  const envelopes = fc
    .record({
      encrypted_flow_data: fc.base64String(),
      encrypted_aes_key: fc.base64String(),
      initial_vector: fc.base64String(),
    })
    .map((envelope) => JSON.stringify(envelope))
  const requests = fc.record(
    {
      version: fc.oneof(fc.constant('3.0'), fc.jsonValue()),
      action: fc.oneof(fc.constantFrom('INIT', 'data_exchange', 'BACK', 'ping', 'navigate'), fc.jsonValue()),
      screen: fc.oneof(fc.constantFrom('SERVICE', 'CONTACT', 'DONE', ''), fc.string()),
      data: fc.oneof(
        fc.dictionary(fc.constantFrom('service', 'name', 'phone', 'error', '__proto__'), fc.jsonValue()),
        fc.jsonValue(),
      ),
      flow_token: fc.oneof(fc.constantFrom('a', 'b', '', 'unused'), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
})
