import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { canonical, type Json, nestsDeeperThan, parseData } from './json.ts'

const json = fc.jsonValue() as fc.Arbitrary<Json>

test('the canonical text is JSON for the same value', () => {
  fc.assert(
    fc.property(json, (value) => expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))),
  )
})

test('equal values have one text, in whatever order their keys were written', () => {
  fc.assert(fc.property(json, (value) => expect(canonical(reversed(value))).toBe(canonical(value))))
})

test.each<[a: Json, b: Json]>([
  [1, '1'],
  [null, 'null'],
  [[], {}],
  [
    [1, 2],
    [2, 1],
  ],
  [
    [[1], 2],
    [1, [2]],
  ],
  [{ a: 1 }, { a: '1' }],
  [
    { a: 1, b: 2 },
    { a: 2, b: 1 },
  ],
  [{ 'a":1,"b': 1 }, { a: 1, b: 1 }],
  ['', null],
])('%j is not %j', (a, b) => expect(canonical(a)).not.toBe(canonical(b)))

test('nesting is what the parsed value shows', () => {
  fc.assert(
    fc.property(json, fc.nat({ max: 8 }), (value, limit) => {
      expect(nestsDeeperThan(limit, JSON.stringify(value))).toBe(depthOf(value) > limit)
    }),
  )
})

test.each([
  [
    '{"_jsonata_lambda": true, "a": [{"_jsonata_function": 1, "b": "_jsonata_lambda"}]}',
    { a: [{ b: '_jsonata_lambda' }] },
  ],
  [String.raw`{"\u005fjsonata_lambda": true, "_\u006Asonata_function": true, "\u00e9": 1}`, { é: 1 }],
  ['{"_jsonata_other": 1}', { _jsonata_other: 1 }],
  ['[', undefined],
])('what expressions see of %s has no name by which JSONata knows a function', (text, value) =>
  expect(parseData(text)).toEqual(value),
)

test.each([
  ['brackets in text', JSON.stringify('[[[[{{{{'), false],
  ['an escaped quote in text', String.raw`"\"[[[["`, false],
  ['an escaped backslash at the end of text', String.raw`["\\",[[[[]]]]]`, true],
  ['side by side', '[[],[],[],[],{}]', false],
  ['never closed', '[[[[', true],
])('%s', (_name, text, isDeeper) => expect(nestsDeeperThan(3, text)).toBe(isDeeper))

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  )
}

function depthOf(value: Json): number {
  if (value === null || typeof value !== 'object') return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}
