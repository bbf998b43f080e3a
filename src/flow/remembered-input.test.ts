import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { JsonObject } from '../lib/json.ts'
import { remember, weightOf } from './remembered-input.ts'

const KB = 1024

test('what a form submits is remembered whole, and the newest value of a field counts', () => {
  expect(remember({ a: 1, b: 'x' }, { b: 'y', c: [1, { d: null }] })).toEqual({
    inputs: { a: 1, b: 'y', c: [1, { d: null }] },
    dropped: 0,
  })
})

test('a value that is too large is left out alone', () => {
  const small = { name: 'Ana' }
  expect(remember({}, { ...small, large: 'x'.repeat(20 * KB) })).toEqual({ inputs: small, dropped: 1 })
  expect(remember({}, { ...small, long: Array.from({ length: 5_000 }, () => 1) })).toEqual({
    inputs: small,
    dropped: 1,
  })
  expect(remember({}, { ...small, ['n'.repeat(20 * KB)]: 1 })).toEqual({ inputs: small, dropped: 1 })
})

test.each<[string, JsonObject]>([
  ['a lambda', { _jsonata_lambda: true, environment: { lookup: 'x' }, body: {}, arguments: [] }],
  ['a lambda without its parts', { _jsonata_lambda: true, environment: null }],
  ['a built-in', { _jsonata_function: true, implementation: 'x' }],
])('what only calls itself %s of JSONata weighs what any object does', (_, marks) => {
  const large = { ...marks, text: 'x'.repeat(900 * KB) }
  expect(weightOf(large)).toBeGreaterThan(1_800 * KB)
  expect(remember({}, { large, list: [large], name: 'Ana' })).toEqual({ inputs: { name: 'Ana' }, dropped: 2 })
})

test('where not all fit, the newest do', () => {
  const old = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`old${n}`, 'x'.repeat(4 * KB)]))
  const { inputs } = remember(remember({}, old).inputs, { fresh: 'y'.repeat(10 * KB) })
  expect(inputs.fresh).toHaveLength(10 * KB)
  expect(weightOf(inputs)).toBeLessThan(130 * KB)
})

test('seventy thousand new names are five hundred, and a session never grows beyond its bound', () => {
  const named = (prefix: string) => Object.fromEntries(Array.from({ length: 70_000 }, (_, n) => [`${prefix}${n}`, n]))
  const first = remember({}, named('a'))
  expect([Object.keys(first.inputs).length, first.dropped]).toEqual([500, 69_500])
  const second = remember(first.inputs, named('b'))
  expect(Object.keys(second.inputs)).toHaveLength(500)
  expect(Object.keys(second.inputs).every((name) => name.startsWith('b'))).toBe(true)
})

test('whatever was submitted, in whatever order, a session stays within its bound', () => {
  const value = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.nat(40_000).map((n) => 'x'.repeat(n)),
    fc.jsonValue(),
  )
  const input = fc.dictionary(fc.string(), value, { maxKeys: 20 }) as fc.Arbitrary<JsonObject>
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), (submitted) => {
      const inputs = submitted.reduce<JsonObject>((before, now) => remember(before, now).inputs, {})
      expect(weightOf(inputs)).toBeLessThanOrEqual(129 * KB)
      const said = new Map(submitted.flatMap((input) => Object.entries(input)))
      for (const [name, kept] of Object.entries(inputs)) expect(kept).toEqual(said.get(name) as typeof kept)
    }),
  )
})
