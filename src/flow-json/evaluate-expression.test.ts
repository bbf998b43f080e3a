// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what a Flow JSON refers with, not a slip.

import { expect, test } from 'bun:test'
import type { Json } from '../lib/json.ts'
import { evaluateExpression } from './evaluate-expression.ts'

const known: { readonly [name: string]: Json } = { name: 'Ana', age: '18', price: 2.5, is_new: true, tags: ['a'] }
const evaluate = (text: string) => evaluateExpression(text, ({ name }) => known[name])

test.each([
  ['${form.name}', 'Ana'],
  ["'Hello ' ${form.name} '!'", 'Hello Ana!'],
  ["${form.name} == 'Ana'", true],
  ["${form.name} != 'Ana'", false],
  ['${form.age} >= 18 && ${data.is_new}', true],
  ['${form.age} == 18', true],
  ['!${data.is_new} || ${form.age} < 18', false],
  ['!(${data.is_new} && false)', true],
  ['${data.price} * 2 + 1', 6],
  ['(${data.price} + 1) * 2 - 1', 6],
  ["'Total ' (${data.price} * 2)", 'Total 5'],
  ['7 % 4', 3],
  ['-${data.price}', -2.5],
  ["'it\\'s'", "it's"],
  ['1 / 0', undefined],
  ['${form.nothing}', undefined],
  ['${data.tags}', ['a']],
  ['', undefined],
  ['('.repeat(50), undefined],
] as const)('%s is %j', (text, expected) => expect(evaluate(text)).toEqual(expected as Json))
