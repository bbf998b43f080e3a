import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { flowOf } from '../../test/flow-of.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { applyPolicy, fingerprintOf, pseudonymOf } from './policy.ts'

const KEY = 'a key that lives elsewhere'
const HASHED = { $hash: expect.stringMatching(/^h:[\w-]{22}$/) }

function store(fields: string, input: JsonObject, defaultText: 'length' | 'keep' | 'drop' = 'length'): JsonObject {
  const flow = flowOf(`{ start: A, screens: { A: { fields: { ${fields} } } } }`)
  return applyPolicy(input, flow.screens.get('A')?.fields ?? [], { key: KEY, defaultText })
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
    'what is not declared is kept as a length, also where free text is to %s',
    (text) => {
      expect(store('f: { type: number }', { f: 1, g: 'Ana', h: { a: 1 } }, text)).toEqual({
        f: 1,
        g: { $length: 3 },
        h: { $length: 7 },
      })
    },
  )

  test('names are names, whatever they are', () => {
    const input = JSON.parse('{"__proto__":"Ana","constructor":"Ana"}') as JsonObject
    expect(JSON.stringify(store('f: { type: text }', input))).toBe(
      '{"__proto__":{"$length":3},"constructor":{"$length":3}}',
    )
  })

  test('a submission without end is stored with one', () => {
    const input = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`${index}${'x'.repeat(200)}`, 'v']))
    const stored = store('f: { type: text }', input)
    expect(Object.keys(stored)).toHaveLength(100)
    expect(Math.max(...Object.keys(stored).map((name) => name.length))).toBe(80)
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
