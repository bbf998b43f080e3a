import { expect, test } from 'bun:test'
import { flowOf } from '../../test/flow-of.ts'

const withFlow = (more: string, data = '"{{ known.day }}"') => `
  start: A
  apis: { slots: { url: "http://h" } }
  ${more}
  screens:
    A:
      fields: { kind: { type: choice, in: [x, y] }, day: { type: date }, name: { type: text }, phone: { type: phone } }
      next: [{ when: known.kind = 'x' and input.name != '', to: B }, { to: A }]
    B: { data: { text: ${data} }, complete: { id: "{{ session.id }} {{ token }}" } }`

test.each<[name: string, yaml: string, suffice: boolean]>([
  ['values that the policy keeps whole', withFlow(''), true],
  ['a text', withFlow('', '"{{ known.name }}"'), false],
  ['a phone number', withFlow('', '"{{ known.phone }}"'), false],
  ['a value that no field has', withFlow('', '"{{ known.other }}"'), false],
  ['all values', withFlow('', '{ expr: known }'), false],
  ['the input of a screen that can be sent again', withFlow('', '"{{ input.day }}"'), false],
  [
    'an answer of an API',
    withFlow('').replace('B: {', 'B: { ask: { slots: {} },').replace('known.day', 'api.slots.ok'),
    false,
  ],
  ['a call that happens once', withFlow('').replace('B: {', 'B: { do: { slots: {} },'), false],
  ['a variable', withFlow('').replace('B: {', 'B: { set: { n: "1" },'), false],
  ['an opening of its own', withFlow('open: { keep: [n] }'), false],
  ['what is known after a variable', withFlow('', '{ expr: known.kind@$kind.name }'), false],
  [
    'what is known, where a variable of its name is made',
    withFlow('', '{ expr: "[$known.name, ($known := 1)]" }'),
    false,
  ],
  ['what is known inside a list', withFlow('', '{ expr: "[1, 2].($ & $known.name)" }'), false],
])('%s: %s', (_name, yaml, suffice) => expect(flowOf(yaml).eventsSuffice).toBe(suffice))
