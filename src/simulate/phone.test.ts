// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what a Flow JSON refers with, not a slip.

import { expect, test } from 'bun:test'
import { flowJsonNamed, flowJsonOf, oneScreen } from '../../test/flow-json-kit.ts'
import type { JsonObject } from '../lib/json.ts'
import { initialForm, viewOf } from './phone.ts'

const TEXT = { type: 'string', __example__: '' }
const flow = flowJsonOf(
  oneScreen(
    [
      { type: 'TextInput', name: 'name', label: 'Name', required: true, 'init-value': '${data.name}' },
      { type: 'TextInput', name: 'hidden', label: 'H', visible: '${data.is_shown}' },
      { type: 'TextInput', name: 'off', label: 'O', enabled: false },
      {
        type: 'If',
        condition: "`${form.name} == 'Ana'`",
        // biome-ignore lint/suspicious/noThenProperty: the name of Flow JSON.
        then: [{ type: 'TextInput', name: 'ana', label: 'A' }],
        else: [{ type: 'TextInput', name: 'other', label: 'B' }],
      },
      {
        type: 'Switch',
        value: '${data.kind}',
        cases: {
          a: [{ type: 'TextInput', name: 'kind_a', label: 'A' }],
          b: [{ type: 'OptIn', name: 'kind_b', label: 'B' }],
        },
      },
      {
        type: 'Dropdown',
        name: 'day',
        label: 'Day',
        'data-source': '${data.days}',
        'on-select-action': { name: 'update_data', payload: { chosen: '${form.day}' } },
      },
      {
        type: 'EmbeddedLink',
        text: 'More',
        'on-click-action': {
          name: 'data_exchange',
          payload: { greeting: "`'Hello ' ${form.name}`", all: ['${data.kind}'] },
        },
      },
      { type: 'EmbeddedLink', text: 'Web', 'on-click-action': { name: 'open_url', url: 'https://example.com' } },
    ],
    {
      name: TEXT,
      kind: TEXT,
      chosen: TEXT,
      is_shown: { type: 'boolean', __example__: true },
      days: {
        type: 'array',
        items: { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } },
        __example__: [],
      },
    },
  ),
)
const DAYS = [
  { id: 'mo', title: 'Monday' },
  { id: 'tu', title: 'Tuesday', enabled: false },
]
const shown = (data: JsonObject, form: JsonObject = {}) => {
  const view = viewOf(flow, [{ id: 'ONLY', data: { days: DAYS, ...data }, form }])
  if (!view) throw new Error('ONLY should be there')
  return view
}

test('what people can enter depends on data and on what is entered', () => {
  const names = (data: JsonObject, form?: JsonObject) => shown(data, form).inputs.map(({ name }) => name)
  expect(names({ is_shown: false, kind: 'a' })).toEqual(['name', 'other', 'kind_a', 'day'])
  expect(names({ is_shown: true, kind: 'b' }, { name: 'Ana' })).toEqual(['name', 'hidden', 'ana', 'kind_b', 'day'])
})

test('what can be chosen is what was sent and is enabled', () => {
  expect(shown({}).inputs.find(({ name }) => name === 'day')?.choices).toEqual(['mo'])
})

test('a tap sends what is entered; a link to the web is none', () => {
  expect(shown({ kind: 'a' }, { name: 'Ana' }).taps.map(({ kind, payload }) => [kind, payload])).toEqual([
    ['data_exchange', { greeting: 'Hello Ana', all: ['a'] }],
    ['complete', {}],
  ])
})

test('choosing can do something at once', () => {
  const view = shown({}, { day: 'mo' })
  const day = view.inputs.find(({ name }) => name === 'day')?.component
  expect(day && view.selecting(day, 'mo').map(({ kind, payload }) => [kind, payload])).toEqual([
    ['update_data', { chosen: 'mo' }],
  ])
})

test('a form begins with what it is given', () => {
  expect(initialForm(flow, [{ id: 'ONLY', data: { name: 'Ana' }, form: {} }])).toEqual({ name: 'Ana' })
})

test('items of a list act as they were sent', () => {
  const item = { id: 'c9', 'on-click-action': { name: 'data_exchange', payload: { op: 'category', category: 'c9' } } }
  const way = [{ id: 'MENU', data: { categories: [item], order_entry: [] }, form: {} }]
  expect(viewOf(flowJsonNamed('store-cart'), way)?.taps.map(({ payload }) => payload)).toEqual([
    { op: 'category', category: 'c9' },
  ])
})

test('a screen that the Flow JSON does not have shows nothing', () => {
  expect(viewOf(flow, [{ id: 'NOWHERE', data: {}, form: {} }])).toBeUndefined()
})
