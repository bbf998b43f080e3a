import { expect, test } from 'bun:test'
import { flow } from '../flow/schema.ts'
import { validPart } from './valid-part.ts'

const good = { start: 'A', screens: { A: { fields: { name: { type: 'text' } }, next: 'B' }, B: {} } }

test.each([
  ['a field of an unknown type', { A: { fields: { name: { type: 'txt' } }, next: 'B' }, B: {} }, []],
  ['an unknown key of a field', { A: { fields: { name: { type: 'text', size: 4 } }, next: 'B' }, B: {} }, ['name']],
  [
    'a duration that is none',
    { A: { fields: { name: { type: 'text', hash_after: '4' } }, next: 'B' }, B: {} },
    ['name'],
  ],
])('%s is taken out, the rest stays', (_, screens, fields) => {
  const part = validPart(flow, { ...good, screens })
  expect(part?.screens.A?.next).toBe('B')
  expect(Object.keys(part?.screens.A?.fields ?? {})).toEqual(fields)
})

test('an optional part of the flow is taken out whole', () => {
  expect(validPart(flow, { ...good, funnel: [5] })).toEqual(flow.parse(good))
})

test.each([
  ['no start', { screens: good.screens }],
  ['a screen that is no mapping', { ...good, screens: { A: 5 } }],
  ['an API without a URL, which may be called', { ...good, apis: { slots: {} } }],
  ['no mapping at all', 'x'],
])('with %s there is nothing left to check', (_, value) => {
  expect(validPart(flow, value)).toBeUndefined()
})

test('what came in is left as it was', () => {
  const value = { ...good, funnel: [5] }
  validPart(flow, value)
  expect(value.funnel).toEqual([5])
})
