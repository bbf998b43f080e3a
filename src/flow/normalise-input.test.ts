import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { flowOf } from '../../test/flow-of.ts'
import type { Json } from '../lib/json.ts'
import { pseudonymOf } from '../privacy/pseudonym.ts'
import { normaliseInput, normaliseValue } from './normalise-input.ts'
import type { FieldType } from './schema.ts'

const TIMEZONE = 'Asia/Kolkata'
const normalised = (value: Json, type?: FieldType) => normaliseValue(value, type, TIMEZONE)

describe('what people type', () => {
  test.each<[type: FieldType | undefined, typed: Json, value: Json]>([
    ['phone', ' +351 912\u00a0345\u200e678 ', '+351 912 345678'],
    ['phone', '٩١٢٣٤٥٦٧٨', '912345678'],
    ['phone', '９１２３４５６７８', '912345678'],
    ['phone', '९१२३४५६७८', '912345678'],
    ['email', '\u202aＡna@example.com\u202c', 'Ana@example.com'],
    ['number', '12,50', '12.50'],
    ['number', '-3,5', '-3.5'],
    ['number', '1,234', '1,234'],
    ['number', '12345,6789', '12345.6789'],
    ['number', '۱۲', '12'],
    ['date', '1772476200000', '2026-03-03'],
    ['date', '2026-03-02 ', '2026-03-02'],
    ['text', '  Ada\u200b Lovelace\u3000', 'Ada Lovelace'],
    ['text', 'e\u0301te\u0301', 'été'],
    ['text', '½ cup', '½ cup'],
    ['text', '👨\u200d👩\u200d👧 and me', '👨\u200d👩\u200d👧 and me'],
    ['text', '٤٨٢٩١٣', '482913'],
    ['text', 'می\u200cخواهم ۲ تا', 'می\u200cخواهم ۲ تا'],
    ['choices', ['a ', ' b'], ['a', 'b']],
    [undefined, { note: ' x ', list: [1, ' y'] }, { note: 'x', list: [1, 'y'] }],
    ['boolean', true, true],
    ['text', '', ''],
    ['text', ' \u200b ', ''],
  ])('%p %j is %j', (type, typed, value) => expect(normalised(typed, type)).toEqual(value))

  test('of a field that is kept verbatim nothing is changed, and what is plain is the very same object', () => {
    const flow = flowOf(
      `{ start: A, screens: { A: { fields: { secret: { type: text, verbatim: true }, name: { type: text } } } } }`,
    )
    expect(normaliseInput({ secret: ' ａ\u200b ', name: ' ａ ' }, flow, 'A', TIMEZONE)).toEqual({
      secret: ' ａ\u200b ',
      name: 'ａ',
    })
    const plain = { secret: 'x', name: 'Ada', list: ['a'], deep: { b: 1 } }
    expect(normaliseInput(plain, flow, 'A', TIMEZONE)).toBe(plain)
  })

  test.each([
    ['white space within', `é${' '.repeat(400_000)}é`],
    ['digits of another script', '٣'.repeat(400_000)],
  ])('can be as long as a request may be: %s', (_, text) => {
    expect(normalised(text, 'text')).toHaveLength(text.length)
    expect(pseudonymOf(text, 'key')).toBe(pseudonymOf(` ${text} `, 'key'))
  })

  test('stays as it was sent beyond what a form can have, printable ASCII not counted', () => {
    const flow = flowOf('{ start: A, screens: { A: { fields: { name: { type: text } } } } }')
    const input = { photo: 'x'.repeat(900_000), list: Array(10).fill(`${'é'.repeat(5_000)} `), name: ' é ' }
    expect(normaliseInput(input, flow, 'A', TIMEZONE)).toEqual({
      photo: input.photo,
      list: input.list.map((text, index) => (index < 6 ? text.trim() : text)),
      name: 'é',
    })
  })

  test('twice is once', () => {
    const type = fc.constantFrom<FieldType>('text', 'phone', 'email', 'number', 'choice', 'date')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), type, (text, type) => {
        const once = normalised(text, type)
        expect(normalised(once, type)).toEqual(once)
      }),
    )
  })
})

/** Zeros of scripts whose digits follow in order. */
const ZEROS = [0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xe50, 0x1040, 0xff10, 0x104a0, 0x1d7d8]
const NOISE = ['\u200b', '\u200e', '\u202e', '\u2066', '\ufeff', '\u00ad', '\u2060']
const SPACES = ['', ' ', '\u00a0', '\u3000', '\t', '\u2003']

test('any mix of format characters, digits of scripts and spaces around gives the pseudonym of the plain number', () => {
  const digit = fc.nat({ max: 9 })
  const drawn = fc.array(fc.tuple(digit, fc.constantFrom(...ZEROS), fc.constantFrom('', ...NOISE)), {
    minLength: 6,
    maxLength: 15,
  })
  const space = fc.constantFrom(...SPACES)
  fc.assert(
    fc.property(drawn, space, space, (digits, before, after) => {
      const plain = digits.map(([value]) => value).join('')
      const typed = digits.map(([value, zero, noise]) => `${String.fromCodePoint(zero + value)}${noise}`).join('')
      for (const type of ['phone', 'text'] as const)
        expect(pseudonymOf(normalised(`${before}${typed}${after}`, type), 'key')).toBe(pseudonymOf(plain, 'key'))
    }),
  )
})
