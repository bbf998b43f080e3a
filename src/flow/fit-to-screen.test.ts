// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what a Flow JSON refers with, not a slip.

// What a phone is sent is held against the Flow JSON of the flow.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configWith, type Running, startApp } from '../../test/kit.ts'
import type { JsonObject } from '../lib/json.ts'

const exchange = (payload: object) => ({
  type: 'Footer',
  label: 'Go',
  'on-click-action': { name: 'data_exchange', payload },
})
const screen = (id: string, data: object, children: readonly object[], more = {}) => ({
  id,
  title: id,
  data,
  layout: { type: 'SingleColumnLayout', children },
  ...more,
})
const text = { type: 'string', __example__: 'an example' }
const options = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
  __example__: [{ id: 'x', title: 'X' }],
}
const FLOW_JSON = {
  version: '7.3',
  data_api_version: '4.0',
  routing_model: { CITY: ['DAY'], DAY: [] },
  screens: [
    screen('CITY', { cities: options, count: { type: 'number', __example__: 1 }, greeting: text }, [
      { type: 'Dropdown', name: 'city', label: 'City', 'data-source': '${data.cities}' },
      exchange({ city: '${form.city}', colour: 'red' }),
    ]),
    screen(
      'DAY',
      { days: options, price: text, colour: text, is_open: { type: 'boolean', __example__: true } },
      [exchange({})],
      { terminal: true },
    ),
  ],
}
const FLOW = `
  start: CITY
  screens:
    CITY:
      data:
        cities: { expr: "{ 'id': 7, 'title': 'Faro' }" }
        count: "{{ 2 + 3 }}"
        greeting: Hello
      fields: { city: { type: choice } }
      next: DAY
    DAY:
      data:
        days: { expr: "known.city = 'odd' ? [{ 'id': 'mo', 'title': true }, 'tu', { 'id': 'we', 'title': 'Wednesday' }] : [{ 'id': 'mo', 'title': 'Monday' }]" }
        price: { expr: "known.city = 'odd' ? { 'amount': 5 } : 12.5" }
        colour: { expr: known.hue }
        is_open: { expr: "known.city = 'odd' ? 'yes' : true" }
      complete: {}
`

let running: Running
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-fit-'))
  const file = join(folder, 'flow.json')
  await writeFile(file, JSON.stringify(FLOW_JSON))
  const flow = (name: string, more: string) => `${name}:\n  flow_json: ${file}${more}${FLOW}`
  running = await startApp({ config: configWith(flow('plain', '') + flow('filled', '\n  examples: true')) })
})
afterAll(async () => {
  await running?.stop()
  await rm(folder, { recursive: true })
})

const send = async (flow: string, token: string, action: string, screen: string, data: JsonObject = {}) =>
  (await running.client.send(flow, { version: '3.0', action, screen, data, flow_token: token })).reply?.data

/** The errors of the last request. */
async function errorsOf(flow: string, token: string) {
  await running.app.settled()
  return (await running.app.store.eventsOf(flow, token)).at(-1)?.errors
}

test('what loses nothing by it is made to fit, and is no error', async () => {
  expect(await send('plain', 'one', 'INIT', '')).toEqual({
    cities: [{ id: '7', title: 'Faro' }],
    count: 5,
    greeting: 'Hello',
  })
  expect(await send('plain', 'one', 'data_exchange', 'CITY', { city: '7', colour: 'red' })).toEqual({
    days: [{ id: 'mo', title: 'Monday' }],
    price: '12.5',
    colour: 'red',
    is_open: true,
  })
  expect(await errorsOf('plain', 'one')).toEqual([])
})

test('what does not fit is left out and recorded by name, without what it was', async () => {
  await send('plain', 'two', 'INIT', '')
  expect(await send('plain', 'two', 'data_exchange', 'CITY', { city: 'odd' })).toEqual({
    days: [{ id: 'we', title: 'Wednesday' }],
  })
  expect(await errorsOf('plain', 'two')).toEqual([
    {
      code: 'reply_mismatch',
      field: 'days.title',
      message: 'on screen DAY days.title is boolean; the Flow JSON declares it as string',
    },
    {
      code: 'reply_mismatch',
      field: 'days',
      message: 'on screen DAY days is string; the Flow JSON declares it as object',
    },
    {
      code: 'reply_mismatch',
      field: 'price',
      message: 'on screen DAY price is object; the Flow JSON declares it as string',
    },
    {
      code: 'reply_mismatch',
      field: 'colour',
      message: 'on screen DAY colour is missing; the Flow JSON declares it as string',
    },
    {
      code: 'reply_mismatch',
      field: 'is_open',
      message: 'on screen DAY is_open is string; the Flow JSON declares it as boolean',
    },
  ])
})

test('examples stand in only where the config says so, and are recorded all the same', async () => {
  await send('filled', 'three', 'INIT', '')
  expect(await send('filled', 'three', 'data_exchange', 'CITY', { city: 'odd' })).toEqual({
    days: [{ id: 'we', title: 'Wednesday' }],
    price: 'an example',
    colour: 'an example',
    is_open: true,
  })
  expect((await errorsOf('filled', 'three'))?.map(({ field }) => field)).toEqual([
    'days.title',
    'days',
    'price',
    'colour',
    'is_open',
  ])
})
