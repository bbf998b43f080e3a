// What a session has chosen, from what the client sends.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { configWith, type Running, startApp } from '../../test/kit.ts'
import type { Json, JsonObject } from '../lib/json.ts'

const FLOWS = `
booking:
  start: SERVICE
  screens:
    SERVICE:
      fields:
        service: { type: choice, in: [fix, new] }
        extras: { type: choices, in: [wash, wax] }
        name: { type: text, required: true }
      next: DONE
    DONE: { complete: {} }`

let running: Running
beforeAll(async () => {
  running = await startApp({ config: configWith(FLOWS) })
})
afterAll(() => running.stop())

/** Opens the flow and submits each of these from its first screen, going back in between; then tells what was chosen. */
async function chosen(token: string, submissions: readonly JsonObject[]): Promise<JsonObject | undefined> {
  const send = (action: string, screen: string, data: JsonObject) =>
    running.client.send('booking', { version: '3.0', action, screen, data, flow_token: token })
  await send('INIT', '', {})
  for (const [index, data] of submissions.entries()) {
    if (index > 0) await send('BACK', 'DONE', {})
    await send('data_exchange', 'SERVICE', data)
  }
  await running.app.settled()
  const [session] = await running.app.store.sessionsOf([{ flow: 'booking', token }])
  return session?.choices
}

const ANA = { name: 'Ana' }
const FIRST = { ...ANA, service: 'fix', extras: ['wax', 'wash'] }

test.each<[what: string, second: JsonObject | undefined, choices: { [field: string]: Json }]>([
  ['what was submitted is chosen', undefined, { service: 'fix', extras: ['wax', 'wash'] }],
  ['submitted empty, it is taken back', { ...ANA, service: '', extras: [] }, {}],
  ['null is empty', { ...ANA, service: null, extras: null }, {}],
  ['submitted without the fields, it stays', ANA, { service: 'fix', extras: ['wax', 'wash'] }],
  ['chosen anew, the later counts', { ...ANA, service: 'new', extras: ['wash'] }, { service: 'new', extras: ['wash'] }],
  ['refused for another field, it stays', { service: 'new', extras: [] }, { service: 'fix', extras: ['wax', 'wash'] }],
])('%s', async (what, second, choices) => {
  expect(await chosen(what, second ? [FIRST, second] : [FIRST])).toEqual(choices)
})

test('what was only ever refused was not chosen', async () => {
  expect(await chosen('refused', [{ service: 'fix', extras: ['wax'] }])).toEqual({})
})
