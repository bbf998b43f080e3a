// What clients send to a flow whose expressions can take seconds over it, through the front door.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { configWith, type Running, startApp } from '../../test/kit.ts'
import type { JsonObject } from '../lib/json.ts'

const FLOW = `
sorting:
  start: LIST
  screens:
    LIST: { fields: { name: { type: text } }, next: SHOW }
    SHOW:
      data:
        sorted: { expr: "$count($sort(input.v))" }
        distinct: { expr: "$count($distinct(input.v))" }
        written: { expr: "$formatNumber(1, input.picture)" }
        filled: { expr: "$length($pad('', input.width))" }
        fixed: 1
        kind: { expr: "$type(input.thing)" }
        told: { expr: "$string(input.thing)" }
      next: LIST
    LEGAL:
      fields: { note: { type: text, pattern: "[a-z]{1,1000}[0-9].*" } }
      next: SHOW
`

let running: Running
beforeAll(async () => {
  running = await startApp({ config: configWith(FLOW) })
})
afterAll(() => running.stop())

const submit = (token: string, data: JsonObject, screen = 'LIST') =>
  running.client.send('sorting', { version: '3.0', action: 'data_exchange', screen, data, flow_token: token })

const shown = async (token: string, data: JsonObject) => {
  const { status, reply } = await submit(token, data)
  expect(status).toBe(200)
  return reply as { readonly screen: string; readonly data: JsonObject }
}

const eventsOf = async (token: string) => {
  await running.app.settled()
  return running.app.store.eventsOf('sorting', token)
}

test('an expression over little gives its result', async () => {
  const reply = await shown('little', { v: [3, 1, 3], picture: '0.00', width: 5 })
  expect(reply).toMatchObject({
    screen: 'SHOW',
    data: { sorted: 3, distinct: 2, written: '1.00', filled: 5, fixed: 1 },
  })
})

test('an expression that sees half a megabyte gives its result', async () => {
  const v = Array.from({ length: 500 }, (_, index) => index % 10)
  const reply = await shown('much', { v, rest: 'x'.repeat(500_000) })
  expect(reply).toMatchObject({ screen: 'SHOW', data: { sorted: 500, distinct: 10, fixed: 1 } })
})

test.each(['_jsonata_lambda', '_jsonata_function'])(
  '%s in what a client sends makes no function of it',
  async (name) => {
    const small = await shown(name, { thing: { [name]: true, a: [{ [name]: true, b: 1 }] } })
    expect(small.data).toMatchObject({ kind: 'object', told: '{"a":[{"b":1}]}' })
    await shown(name, { thing: { [name]: true, text: 'x'.repeat(700_000) } })
    const events = await eventsOf(name)
    expect(events[1]?.errors).toContainEqual(expect.objectContaining({ code: 'session_full' }))
  },
)

test.each<[string, JsonObject, string[]]>([
  ['a picture', { picture: '#,'.repeat(400_000) }, ['written']],
  ['a width', { width: 2_000_000_000 }, ['filled']],
])('%s beyond what it can take: the screen comes without that, the trail says so', async (name, data, failed) => {
  const reply = await shown(name, data)
  expect(reply).toMatchObject({ screen: 'SHOW', data: { fixed: 1 } })
  for (const field of failed) expect(reply.data).not.toHaveProperty(field)
  const [event] = await eventsOf(name)
  for (const field of failed)
    expect(event?.errors).toContainEqual(expect.objectContaining({ code: 'expression_failed', field }))
  expect(JSON.stringify(event?.errors).length).toBeLessThan(1_000)
})

test('while they are at it, others are answered', async () => {
  const attack = { v: Array.from({ length: 4_900 }, (_, id) => `${id}`.repeat(20)), picture: '#,'.repeat(200_000) }
  const attacks = Array.from({ length: 6 }, () => shown('attacker', attack))
  const others = await Promise.all(Array.from({ length: 20 }, (_, id) => shown(`other-${id}`, { v: [2, 1] })))
  for (const { data } of others) expect(data).toMatchObject({ sorted: 2, distinct: 2 })
  for (const { screen } of await Promise.all(attacks)) expect(screen).toBe('SHOW')
})

test('a pattern that takes long over a long text refuses it, or lets it through, as over a short one', async () => {
  const note = async (value: string) => (await submit('notes', { note: value }, 'LEGAL')).reply
  expect(await note('abc1')).toMatchObject({ screen: 'SHOW' })
  expect(await note(`${'a'.repeat(900)}1${'z'.repeat(3_000)}`)).toMatchObject({ screen: 'SHOW' })
  expect(await note('a'.repeat(4_000))).toMatchObject({ screen: 'LEGAL', data: { error_message: expect.any(String) } })
})

test.each<[string, JsonObject]>([
  ['names', Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`n${index}`, 1]))],
  ['numbers', { v: Array.from({ length: 128_000 }, (_, index) => index) }],
])('of a request with more %s than any form has, only what the flow declares is looked at', async (token, data) => {
  expect(await shown(token, { ...data, name: 'Ana' })).toMatchObject({ screen: 'SHOW', data: { fixed: 1 } })
  const [event] = await eventsOf(token)
  expect(event?.input).toEqual({ name: { $length: 3 } })
  expect(event?.errors).toContainEqual(expect.objectContaining({ code: 'input_cut' }))
})
