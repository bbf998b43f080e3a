import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { cutTo, endOf, LONGEST_NORMALISED, lengthOf, normalForm } from './text.ts'

test('texts are counted and cut by characters', () => {
  expect(lengthOf('Zoë 👋')).toBe(5)
  expect([3, 4, 5].map((most) => cutTo(most, 'abc👋d'))).toEqual(['abc', 'abc', 'abc👋'])
  expect([0, 1, 2, 9].map((count) => endOf(count, 'a👋👋'))).toEqual(['', '👋', '👋👋', 'a👋👋'])
})

test('no cut halves a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 30 }), (text, at) => {
      expect(cutTo(at, text).isWellFormed()).toBe(true)
      expect(text.startsWith(cutTo(at, text))).toBe(true)
      expect(endOf(at, text)).toBe([...text].slice(at === 0 ? text.length : -at).join(''))
      expect(lengthOf(text)).toBe([...text].length)
    }),
  )
})

describe('the normal form of a text', () => {
  const FORMS = ['NFC', 'NFKC'] as const
  const pairs = (count: number) => '\u0301\u0316'.repeat(count)
  const ordered = (count: number) => '\u0316'.repeat(count) + '\u0301'.repeat(count)

  test('is what Unicode says, up to thirty marks on a letter', () => {
    const letter = fc.constantFrom('a', '\u1112', '한', '\u09b0', 'ﾊ', 'ﷺ', '👩', '１', ' ')
    const mark = fc.constantFrom(
      '\u0301',
      '\u0316',
      '\u0344',
      '\u0345',
      '\u034f',
      '\u09cd',
      '\u0f73',
      '\uff9e',
      '\u200d',
    )
    const drawn = fc.array(fc.tuple(letter, fc.array(mark, { maxLength: 30 })), { maxLength: 10 })
    fc.assert(
      fc.property(drawn, fc.constantFrom(...FORMS), (letters, form) => {
        const text = letters.map(([letter, marks]) => letter + marks.join('')).join('')
        expect(normalForm(form, text)).toBe(text.normalize(form))
      }),
    )
  })

  test.each(FORMS)('%s has more marks than that in thirties, however often it is made', (form) => {
    const made = normalForm(form, `x${pairs(35)}y`)
    expect(made).toBe(`x${ordered(15)}\u034f${ordered(15)}\u034f${ordered(5)}y`)
    expect(normalForm(form, made)).toBe(made)
    expect(normalForm('NFKC', 'ﾊ'.padEnd(32, 'ﾞ'))).toBe(`${'バ'.padEnd(30, '\u3099')}\u034f\u3099`)
  })

  test('is not made of a text that nobody types', () => {
    const [most, more] = [0, 1].map((extra) => 'ａ'.repeat(LONGEST_NORMALISED + extra)) as [string, string]
    expect(normalForm('NFKC', most)).toBe('a'.repeat(LONGEST_NORMALISED))
    expect(normalForm('NFKC', more)).toBe(more)
  })
})
