// Texts on which Unicode's normal forms take the longest, as long as a request may be, through the front door.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { configWith, type Running, startApp } from '../../test/kit.ts'

const FLOW = `
booking:
  start: FORM
  screens:
    FORM: { fields: { name: { type: text }, phone: { type: phone }, days: { type: choices } }, next: DONE }
    DONE: { complete: {} }
`

let running: Running
beforeAll(async () => {
  running = await startApp({ config: configWith(FLOW) })
})
afterAll(() => running.stop())

/** They cost the square of their number to put in order. */
const marks = (pairs: number) => `a${'\u0301\u0316'.repeat(pairs)}`
const LETTER_OF_EIGHTEEN = '\ufdfa'

test.each([
  ['a field', { name: marks(170_000) }, 'FORM'],
  ['a name that the flow does not have', { other: { list: [marks(170_000)] }, name: 'Ana' }, 'DONE'],
  ['many texts', { other: Array(84).fill(marks(2_000)), name: 'Ana' }, 'DONE'],
  ['a letter that becomes eighteen', { phone: LETTER_OF_EIGHTEEN.repeat(240_000) }, 'FORM'],
  ['many such letters', { days: Array(30).fill(LETTER_OF_EIGHTEEN.repeat(8_000)) }, 'DONE'],
  ['digits of another script', { phone: '٣'.repeat(350_000) }, 'FORM'],
])('%s: the next screen, or a refusal', async (token, data, screen) => {
  const request = { version: '3.0', action: 'data_exchange', screen: 'FORM', data, flow_token: token }
  const { status, reply } = await running.client.send('booking', request)
  expect(status).toBe(200)
  expect(reply).toMatchObject({ screen })
})
