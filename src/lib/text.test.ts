import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { cutTo, endOf, lengthOf } from './text.ts'

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
