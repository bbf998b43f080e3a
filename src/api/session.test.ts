// One session as it was played through the front door, and what of it is told.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { z } from 'zod'
import { configWith, type Running, startApp } from '../../test/kit.ts'
import { incidentsResource } from './incidents.ts'
import type { Resource } from './resource.ts'
import { sessionResource } from './session.ts'
import { sessionsResource } from './sessions.ts'

const TOKEN = 'a-token-for-the-tests'
const START = Date.UTC(2026, 2, 2, 9)
const FLOW = `
booking:
  start: SERVICE
  screens:
    SERVICE: { fields: { service: { type: choice, in: [emergency, routine], required: true } }, next: CONTACT }
    CONTACT:
      fields:
        name: { type: text, required: true, keep: drop }
        phone: { type: phone, required: true, keep: hash }
        note: { type: text }
      complete: {}`

const time = { now: START }
let running: Running
beforeAll(async () => {
  const config = configWith(FLOW, `api: { tokens: [${TOKEN}] }`)
  running = await startApp({ config, clock: () => time.now })
  const send = async (seconds: number, action: string, screen: string, data: Record<string, string>) => {
    time.now = START + seconds * 1_000
    await running.client.send('booking', { version: '3.0', flow_token: 'ada-1', action, screen, data })
  }
  await send(0, 'INIT', '', {})
  await send(10, 'data_exchange', 'SERVICE', {})
  await send(14, 'data_exchange', 'SERVICE', { service: 'emergency' })
  await send(16, 'data_exchange', 'SERVICE', { service: 'emergency' })
  await send(40, 'data_exchange', 'CONTACT', { name: 'Ada Lovelace', phone: '+351912345678', note: 'ring twice' })
  await running.client.post('booking', 'no request of a flow')
  await running.app.settled()
})
afterAll(() => running.stop())

async function tell<A extends z.ZodType>(resource: Resource<A>, path: string) {
  const reply = await running.app.handle(
    new Request(`http://localhost/api/v1${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }),
  )
  const text = await reply.text()
  const body: unknown = JSON.parse(text)
  resource.answer.parse(body)
  return { text, body: body as z.input<A> }
}

test('a session is told step by step, and of what was typed only what is kept', async () => {
  const list = await tell(sessionsResource, '/sessions?token=ada-1')
  expect(list.body).toMatchObject({
    sessions: [
      {
        flow: 'booking',
        ending: 'completed',
        startedAt: '2026-03-02T09:00:00.000Z',
        completedAt: '2026-03-02T09:00:40.000Z',
        durationMs: 40_000,
        reached: 2,
        choices: { service: 'emergency' },
        counts: { events: 5, repeats: 1, rejects: 1 },
      },
    ],
  })
  const id = list.body.sessions[0]?.id ?? ''
  const { text, body } = await tell(sessionResource, `/sessions/${id}`)
  expect(body).toMatchObject({
    visits: [
      {
        screen: 'SERVICE',
        showing: 'seen',
        end: 'submitted',
        rejects: [{ field: 'service', rule: 'required', count: 1 }],
      },
      { screen: 'CONTACT', end: 'completed' },
    ],
    events: [
      { action: 'init', next: 'SERVICE', sinceMs: 0, isRepeat: false },
      { outcome: 'rejected', sinceMs: 10_000, errors: [{ code: 'invalid_field', field: 'service', rule: 'required' }] },
      { outcome: 'shown', input: { service: 'emergency' }, isRepeat: false },
      { isRepeat: true },
      { outcome: 'completed', input: { note: { $length: 10 } } },
    ],
    isCut: false,
  })
  for (const typed of ['Lovelace', '912345678', 'ring twice']) {
    expect(text).not.toContain(typed)
    expect(list.text).not.toContain(typed)
  }
})

test('what was refused is told by its category', async () => {
  const { body, text } = await tell(incidentsResource, '/incidents?category=bad_signature')
  expect(body).toMatchObject({ incidents: [{ category: 'bad_signature', flow: 'booking', count: 1 }] })
  expect(text).not.toContain('no request of a flow')
})

test('whatever can be a token can be asked for', async () => {
  const token = 'x'.repeat(4_096)
  await running.client.send('booking', { version: '3.0', flow_token: token, action: 'INIT', screen: '', data: {} })
  await running.app.settled()
  const { body } = await tell(sessionsResource, `/sessions?token=${token}`)
  expect(body.sessions.map((session) => session.token)).toEqual([token])
})
