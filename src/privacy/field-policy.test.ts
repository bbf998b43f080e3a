import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { flowOf } from '../../test/flow-of.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { applyPolicy } from './field-policy.ts'
import { fingerprintOf, pseudonymOf } from './pseudonym.ts'

const KEY = 'a key that lives elsewhere'
const wasSent = (_flow: string, option: string) => option !== 'never-sent'
const HASHED = { $hash: expect.stringMatching(/^h:[\w-]{22}$/) }

function store(fields: string, input: JsonObject, defaultText: 'length' | 'keep' | 'drop' = 'length'): JsonObject {
  const flow = flowOf(`{ start: A, screens: { A: { fields: { ${fields} } } } }`)
  return applyPolicy(input, flow, 'A', { key: KEY, defaultText, wasSent })
}

describe('what is kept of a field', () => {
  const gone = undefined
  const days = { 'start-date': '2026-03-02', 'end-date': '2026-03-05' }
  const file = [{ media_id: 'm', file_name: 'id.jpg' }]

  test.each<[field: string, value: Json, stored: unknown]>([
    // The default of each type
    ['type: text', 'Ana Silva', { $length: 9 }],
    ['type: text', 'Zoë 👋', { $length: 5 }],
    ['type: phone', '+351 912 345 678', HASHED],
    ['type: email', 'ana@example.com', HASHED],
    ['type: number', 42, 42],
    ['type: number', '42.5', '42.5'],
    ['type: boolean', false, false],
    ['type: date', '2026-03-02', '2026-03-02'],
    ['type: date_range', days, days],
    ['type: choice', 'emergency', 'emergency'],
    ['type: choices', ['a', 'b'], ['a', 'b']],
    ['type: files', file, { $length: JSON.stringify(file).length }],
    // What the author says
    ['type: text, keep: keep', 'Ana Silva', 'Ana Silva'],
    ['type: text, keep: keep', 'x'.repeat(1_001), { $length: 1_001 }],
    ['type: text, keep: drop', 'Ana Silva', gone],
    ['type: text, keep: hash', 'Ana Silva', HASHED],
    ['type: text, keep: mask', 'PT50 0002 0123', { $mask: '••••0123' }],
    ['type: text, keep: mask', 'nada 👋👋👋👋', { $mask: '••••👋👋👋👋' }],
    ['type: choice, keep: length', 'emergency', { $length: 9 }],
    ['type: phone, keep: keep', '912345678', '912345678'],
    ['type: phone, keep: mask', '912345678', { $mask: '••••5678' }],
    ['type: phone, keep: drop', '912345678', gone],
    // A mask shows at most half
    ['type: text, keep: mask', '1234', { $mask: '••••34' }],
    ['type: text, keep: mask', '123', { $mask: '••••3' }],
    ['type: text, keep: mask', '1', { $mask: '••••' }],
    ['type: text, keep: mask', '', { $mask: '••••' }],
    // What is not what the field declares is free text
    ['type: number', 'Ana Silva', { $length: 9 }],
    ['type: boolean', 'Ana Silva', { $length: 9 }],
    ['type: date', '2026-02-30', { $length: 10 }],
    ['type: date_range', { ...days, 'end-date': 'Ana' }, { $length: 44 }],
    ['type: date_range', { ...days, note: 'Ana' }, { $length: 64 }],
    ['type: choice', { note: 'Ana' }, { $length: 14 }],
    ['type: choice, in: [a, b]', 'Ana', { $length: 3 }],
    ['type: choice, in: [1]', '1', '1'],
    ['type: choices, in: [a, b]', ['a', 'Ana'], { $length: 11 }],
    ['type: number, keep: keep', 'Ana', { $length: 3 }],
    ['type: phone, keep: keep', 'call Ana', { $length: 8 }],
    ['type: text, keep: keep', { note: 'Ana' }, { $length: 14 }],
    ['type: number, keep: drop', 'Ana', gone],
    ['type: phone', 'call Ana', HASHED],
    ['type: email', { at: 'ana' }, HASHED],
  ])('%s: %j', (field, value, stored) => {
    expect(store(`f: { ${field} }`, { f: value })).toEqual(stored === gone ? {} : { f: stored as Json })
  })

  test.each([
    ['keep', 'Ana'],
    ['drop', undefined],
    ['length', { $length: 3 }],
  ] as const)('free text follows the default of the config: %s', (defaultText, stored) => {
    expect(store('f: { type: text }', { f: 'Ana' }, defaultText)).toEqual(
      stored === undefined ? {} : { f: stored as Json },
    )
  })

  test.each(['keep', 'drop'] as const)(
    'what is not declared is a count and a length, also where free text is to %s',
    (text) => {
      expect(store('f: { type: number }', { f: 1, g: 'Ana', h: { a: 1 } }, text)).toEqual({
        f: 1,
        $undeclared: { $count: 2, $length: 10 },
      })
    },
  )

  test('names are names, whatever they are', () => {
    const input = JSON.parse('{"__proto__":"Ana","constructor":"Ana","$undeclared":"Ana"}') as JsonObject
    expect(JSON.stringify(store('f: { type: text }', input))).toBe('{"$undeclared":{"$length":9,"$count":3}}')
  })

  test('a submission without end is stored with one', () => {
    const input = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${index}${'x'.repeat(200)}`, 'v']))
    expect(store('f: { type: text }', input)).toEqual({ $undeclared: { $count: 300, $length: 300 } })
  })
})

describe('what fits its type is kept only where it can hardly be anything else', () => {
  const kept = (field: string, value: Json) => store(`f: { ${field} }`, { f: value }).f === value

  test.each<[field: string, value: Json, isKept: boolean]>([
    ['type: number', '4111111111111111', false],
    ['type: number', 4111111111111111, false],
    ['type: number', 999_999, true],
    ['type: number', -999_999, true],
    ['type: number', 1_000_000, false],
    ['type: number', '+351912345678', false],
    ['type: number', '0.4111111111111111', false],
    ['type: number', 0.4111, true],
    ['type: number', 1e21, false],
    ['type: number', 1e-7, false],
    ['type: number, min: 0', 4111111111111111, false],
    ['type: number, min: 0, max: 5000000', 4_500_000, true],
    ['type: number, min: 0, max: 5000000', 5_000_001, false],
    ['type: number, min: 0, max: 1', 0.4111111111111111, false],
    ['type: number, max: 10', 11, false],
    ['type: number, in: [41111111111111]', 41111111111111, true],
    ['type: number, in: [1, 2]', 3, false],
    ['type: number, keep: keep', 4111111111111111, true],
    ['type: date', '351912345678', false],
    ['type: date', '1712345678901', false],
    ['type: date', '1772409600000', true],
    ['type: date', '9123-11-12', false],
    ['type: date', '1968-11-12', true],
    ['type: date, keep: keep', '351912345678', true],
    ['type: choice', 'slot-17', true],
    ['type: choice', '2026-03-02T10:00', true],
    ['type: choice', 'never-sent', false],
    ['type: choice', 'Ana Silva', false],
    ['type: choice', 'ana@example.com', false],
    ['type: choice', '351912345678', false],
    ['type: choice', '351-912-345-678', false],
    ['type: choice', 4111111111111111, false],
    ['type: choice', 'x'.repeat(41), false],
    ['type: choice, in: ["+351912345678"]', '+351912345678', true],
    ['type: choice, keep: keep', 'Ana Silva', true],
  ])('%s: %j, kept %p', (field, value, isKept) => expect(kept(field, value)).toBe(isKept))

  test.each<[field: string, value: Json]>([
    ['type: choices', ['a', 'ana@example.com']],
    ['type: date_range', { 'start-date': '2026-03-02', 'end-date': '351912345678' }],
  ])('%s: %j as a whole or not at all', (field, value) => {
    expect(store(`f: { ${field} }`, { f: value })).toEqual({ f: { $length: JSON.stringify(value).length } })
  })
})

describe('a field of another screen', () => {
  const flow = flowOf(`
    start: A
    screens:
      A: { fields: { a: { type: number }, note: { type: text, keep: keep } }, data: { shown: 1 } }
      B: { fields: { note: { type: text, keep: drop }, phone: { type: phone } } }
      C: {}
  `)
  const from = (screen: string, input: JsonObject) =>
    applyPolicy(input, flow, screen, { key: KEY, defaultText: 'length', wasSent })

  test('that is sent along follows its own policy, the strictest where there are several', () => {
    expect(from('C', { a: 7, phone: '912', note: 'Ana', shown: 'Ana' })).toEqual({
      a: 7,
      phone: HASHED,
      shown: { $length: 3 },
    })
    expect(from('A', { note: 'Ana', phone: '912' })).toEqual({ note: 'Ana', phone: HASHED })
  })
})

describe('pseudonyms', () => {
  test.each([
    ['+351 912-345-678', '+351912345678'],
    ['(555) 010.9999', '555 010 9999'],
    [' Ana@Example.com ', 'ana@example.com'],
  ])('%p and %p are one', (a, b) => expect(pseudonymOf(a, KEY)).toBe(pseudonymOf(b, KEY)))

  test.each([
    ['912345678', '912345679'],
    ['ana@example.com', 'ana@example.org'],
    ['call 912', 'call 913'],
  ])('%p and %p are two', (a, b) => expect(pseudonymOf(a, KEY)).not.toBe(pseudonymOf(b, KEY)))

  test('under another key the same value has another', () => {
    expect(pseudonymOf('912345678', KEY)).not.toBe(pseudonymOf('912345678', 'another'))
    expect(pseudonymOf('912345678', new TextEncoder().encode(KEY))).toBe(pseudonymOf('912345678', KEY))
  })
})

test('the fingerprint is equal for equal data under one key, in whatever order it came', () => {
  expect(fingerprintOf({ a: 1, b: 'x' }, KEY)).toBe(fingerprintOf({ b: 'x', a: 1 }, KEY))
  expect(fingerprintOf({ a: 1 }, KEY)).not.toBe(fingerprintOf({ a: '1' }, KEY))
  expect(fingerprintOf({ a: 1 }, KEY)).not.toBe(fingerprintOf({ a: 1 }, 'another'))
  expect(fingerprintOf({ a: 'Ana' }, KEY)).toMatch(/^[\w-]{11}$/)
})

test('by default no four characters of what people typed are stored', () => {
  const fields = 'text: { type: text }, phone: { type: phone }, email: { type: email }, day: { type: date }'
  // Letters that occur neither in the words of the policy nor in the names of the fields.
  const typed = fc.stringMatching(/^[A-Z0-9 @+]{4,60}$/)
  const names = fc.constantFrom('text', 'phone', 'email', 'day', 'undeclared', 'another')
  const value = fc.oneof(
    typed,
    typed.map((text) => [text]),
    typed.map((text) => ({ nested: { text } })),
  )
  fc.assert(
    fc.property(fc.dictionary(names, value, { minKeys: 1 }), (input) => {
      // A pseudonym is random characters; four of them can be anything.
      const stored = JSON.stringify(store(fields, input)).replaceAll(/"h:[\w-]{22}"/g, '""')
      const texts = JSON.stringify(input).match(/[A-Z0-9 @+]{4,60}/g) ?? []
      const parts = texts.flatMap((text) => [...text.slice(3)].map((_, at) => text.slice(at, at + 4)))
      expect(parts.filter((part) => stored.includes(part))).toEqual([])
    }),
  )
})
