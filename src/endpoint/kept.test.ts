// What is left on the trail of what a client sent, seen from outside.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { clientOf, configWith, type Running, startApp } from '../../test/kit.ts'
import { createApp } from '../app.ts'
import type { JsonObject } from '../lib/json.ts'
import { createLog } from '../lib/log.ts'
import type { TrailEvent } from '../trail/event.ts'

const FLOWS = `
booking:
  start: FORM
  trigger: { expr: input.trigger, in: [slots] }
  sequence: input.seq
  screens:
    FORM:
      data: { offers: [{ id: Repair now, title: Repair }] }
      fields: { name: { type: text }, offer: { type: choice } }
      next: REPORT
    REPORT:
      fields: { error: { type: text, required: true, max: 20 } }
      next: DONE
    DONE: { data: { again: { expr: token } }, complete: { who: { expr: token }, name: { expr: known.name }, offer: { expr: known.offer } } }
told:
  start: NAME
  screens:
    NAME: { fields: { name: { type: text, keep: drop }, plan: { type: choice, in: [basic] } }, next: PIN }
    PIN:
      fields: { pin: { type: number, keep: drop }, tags: { type: choices, keep: drop } }
      set: { both: "known.name & '!'" }
      next:
        - { stay: "Sorry {{ known.name }}, {{ input.pin }} is wrong ({{ input.tags[0] }}, {{ token }}) for {{ known.plan }}" }
hashed: { start: ONLY, tokens: { keep: hash }, screens: { ONLY: {} } }
quoting: { start: FORM, screens: { FORM: { fields: { day: { type: text, check: [{ that: "false", message: "{{ input.note }} is no reason" }] } } } } }
kept: { start: ONLY, tokens: { keep: keep }, screens: { ONLY: {} } }`

let running: Running
beforeAll(async () => {
  running = await startApp({ config: configWith(FLOWS) })
})
afterAll(() => running.stop())

const request = (token: string, screen: string, data: JsonObject = {}, action = 'data_exchange') => ({
  version: '3.0',
  action,
  screen,
  data,
  flow_token: token,
})

async function lastOf(token: string, flow = 'booking'): Promise<TrailEvent | undefined> {
  await running.app.settled()
  return (await running.app.store.eventsOf(flow, token)).at(-1)
}

describe('a refusal that quotes what somebody typed', () => {
  const reasonFor = async (token: string, data: JsonObject) => {
    await running.client.send('quoting', request(token, 'FORM', { day: 'today', ...data }))
    return (await lastOf(token, 'quoting'))?.errors[0]?.message
  }

  test('is kept without it', async () => expect(await reasonFor('short', { note: 'My leg' })).toBe('… is no reason'))

  test('is kept as its length where it is longer than any sentence, whatever else was typed', async () => {
    const others = Object.fromEntries(Array.from({ length: 4_900 }, (_, index) => [`n${index}`, `my ${index}`]))
    const told = await reasonFor('long', { note: 'my '.repeat(100_000), ...others })
    expect(told).toBe('a message of 300013 characters')
  })
})

describe('a field called error', () => {
  test('is one, where the screen declares it: the person goes on', async () => {
    const { client } = running
    const told = { error: 'My card is lost' }
    expect((await client.send('booking', request('declares', 'REPORT', told))).reply).toMatchObject({ screen: 'DONE' })
    expect(await lastOf('declares')).toMatchObject({ action: 'submit', input: { error: { $length: 15 } }, errors: [] })
    const refused = await client.send(
      'booking',
      request('declares', 'REPORT', { error: 'payload-schema-error at last' }),
    )
    expect(refused.reply).toMatchObject({ screen: 'REPORT', data: { error_message: expect.any(String) } })
  })

  test('is a notification elsewhere, when it is what the client of Meta sends', async () => {
    const data = { error: 'My card is lost', error_message: 'again' }
    expect((await running.client.send('booking', request('elsewhere', 'FORM', data))).reply).toEqual({
      data: { acknowledged: true },
    })
    expect(await lastOf('elsewhere')).toMatchObject({ errors: [{ code: 'client:other' }], input: {} })
  })
})

describe('a trigger and a sequence', () => {
  const PSEUDONYM = expect.stringMatching(/^h:[\w-]{22}$/)
  test.each<[data: JsonObject, kept: object]>([
    [
      { trigger: 'slots', seq: 12 },
      { trigger: 'slots', sequence: '12' },
    ],
    [
      { trigger: 'offer', seq: '000012' },
      { trigger: 'offer', sequence: '000012' },
    ],
    [{ trigger: 'DONE' }, { trigger: 'DONE' }],
    [
      { trigger: 'Ana Silva', seq: 1234567 },
      { trigger: PSEUDONYM, sequence: PSEUDONYM },
    ],
    [
      { trigger: 912345678, seq: 'Ana' },
      { trigger: PSEUDONYM, sequence: PSEUDONYM },
    ],
  ])('%j is kept as %j', async (data, kept) => {
    const token = `marks-${JSON.stringify(data).length}-${data.trigger}`.replace(/\d{7,}/, 'n')
    await running.client.send('booking', request(token, 'FORM', data))
    expect(await lastOf(token)).toMatchObject(kept)
  })
})

describe('an option', () => {
  test('that the config sends is kept, one that nobody was sent is not', async () => {
    await running.client.send('booking', request('chooses', 'FORM', { offer: 'Repair now' }))
    expect(await lastOf('chooses')).toMatchObject({ input: { offer: 'Repair now' } })
    await running.client.send('booking', request('chooses', 'FORM', { offer: 'Ana' }))
    expect(await lastOf('chooses')).toMatchObject({ input: { offer: { $length: 3 } } })
  })
})

describe('a screen that the flow does not have', () => {
  test('has no name on the trail, and Back leads from it to the last one that was sent', async () => {
    const { client, app } = running
    await client.send('booking', request('strays', '', {}, 'INIT'))
    await client.send('booking', request('strays', 'FORM', { name: 'Ana' }))
    expect((await client.send('booking', request('strays', 'ANA_SILVA', {}, 'BACK'))).reply).toMatchObject({
      screen: 'REPORT',
    })
    expect((await client.send('booking', request('strays', 'REPROT', { error: 'x' }))).reply).toMatchObject({
      screen: 'REPORT',
    })
    expect(await lastOf('strays')).toMatchObject({
      screen: '(unknown)',
      errors: [{ message: expect.stringMatching(/has 6 characters; REPORT has nearly the same name$/) }],
    })
    const [session] = await app.store.sessionsOf([{ flow: 'booking', token: 'strays' }])
    expect(session?.steps.map(({ screen }) => screen)).toEqual([
      'FORM',
      'REPORT',
      '(unknown)',
      'REPORT',
      '(unknown)',
      'REPORT',
    ])
    expect((await client.send('booking', request('strays', 'REPORT', { error: 'x' }))).reply).toMatchObject({
      screen: 'DONE',
    })
  })
})

describe('a token that tells who somebody is', () => {
  test('is a pseudonym to everything but the flow itself, also after a restart', async () => {
    const own = await startApp({ config: configWith(FLOWS) })
    const token = '+351 912 345 678'
    await own.client.send('booking', request(token, '', {}, 'INIT'))
    await own.client.send('booking', request(token, 'FORM', { name: 'Ana', offer: 'Repair now' }))
    await own.app.stop()

    const again = await createApp(await own.folder.load(), { log: createLog('silent') })
    const client = clientOf((http) => again.handle(http), own.folder)
    const shown = await client.send('booking', request(token, 'REPORT', { error: 'x' }))
    expect(shown.reply).toMatchObject({ data: { again: token } })
    const completed = await client.send('booking', request(token, 'DONE'))
    expect(completed.reply).toMatchObject({
      data: { extension_message_response: { params: { who: token, offer: 'Repair now', flow_token: token } } },
    })
    await again.settled()
    const { items } = await again.store.events({ limit: 10 })
    const [kept] = new Set(items.map((event) => event.token))
    expect(items.map((event) => event.token)).toEqual(Array(4).fill(kept))
    expect(kept).toMatch(/^h:/)
    expect((await again.store.sessionsOf([{ flow: 'booking', token: kept ?? '' }]))[0]?.completedAt).toBeNumber()
    await again.stop()
    await own.folder.remove()
  })

  test('and any other are kept as `tokens.keep` says', async () => {
    const tokenIn = async (flow: string, token: string) => {
      await running.client.send(flow, request(token, '', {}, 'INIT'))
      await running.app.settled()
      return (await running.app.store.events({ flow, limit: 1 })).items[0]?.token
    }
    expect(await tokenIn('kept', '351912345678')).toBe('351912345678')
    expect(await tokenIn('hashed', 'order-1')).toMatch(/^h:/)
  })
})

describe('a sentence that quotes people', () => {
  test('is told them whole, and is stored without what they typed, on this screen or before', async () => {
    const { client } = running
    const token = 'token-of-marta'
    await client.send('told', request(token, 'NAME', { name: 'Marta Quintela', plan: 'basic' }))
    const { reply } = await client.send('told', request(token, 'PIN', { pin: 987654321, tags: ['diabetes'] }))
    expect(reply).toMatchObject({
      data: { error_message: 'Sorry Marta Quintela, 987654321 is wrong (diabetes, token-of-marta) for basic' },
    })
    expect((await lastOf(token, 'told'))?.errors).toMatchObject([{ message: 'Sorry …, … is wrong (…, …) for basic' }])
  })
})

describe('more than any form sends', () => {
  test('is answered by what the flow declares, and the event says so', async () => {
    const many = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`u${index}`, 'v']))
    await running.client.send('booking', request('floods', 'FORM', { ...many, name: 'Ana' }))
    expect(await lastOf('floods')).toMatchObject({
      outcome: 'shown',
      input: { name: { $length: 3 } },
      errors: [{ code: 'input_cut', message: expect.stringMatching(/about 7\d{4} values/) }],
    })
  })
})

describe('a flow that is not there', () => {
  test.each([
    ['bookign', 'there is no flow of this name, which has 7 characters; booking has nearly the same name'],
    ['ana-silva', 'there is no flow of this name, which has 9 characters'],
  ])('%s has no name among the incidents, nor in the reply', async (flow, detail) => {
    const reply = await running.client.post(flow, 'x')
    expect(await reply.text()).toBe('there is no flow of this name')
    await running.app.settled()
    const [incident] = (await running.app.store.incidents({ category: 'unknown_flow', limit: 1 })).items
    expect(incident).toMatchObject({ flow: '', detail })
  })
})
