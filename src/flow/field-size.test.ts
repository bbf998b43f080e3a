import { expect, test } from 'bun:test'
import { possibleSize } from './field-size.ts'
import { hasType } from './field-types.ts'

const phoneOf = (size: number) => '+(1'.slice(0, Math.max(0, size - 30)).padEnd(size, '2')
const emailOf = (size: number) => (size < 5 ? '@b.c'.slice(0, size) : '@b.c'.padStart(size, 'a'))

test.each([
  ['phone', phoneOf],
  ['email', emailOf],
] as const)('a %s has as many characters as its type can have, and no more or fewer', (type, textOf) => {
  const { least, most } = possibleSize(type) ?? { least: 0, most: 0 }
  const values = [least - 1, least, most, most + 1].map(textOf)
  expect(values.map(({ length }) => length)).toEqual([least - 1, least, most, most + 1])
  expect(values.map((value) => hasType(value, type))).toEqual([false, true, true, false])
})
