import { expect, test } from 'bun:test'
import { resultType } from './expression-type.ts'

test.each([
  ["'Hello ' ${form.name}", 'string'],
  ['${form.a} ${form.b}', 'string'],
  ["'a == b'", 'string'],
  ["'It\\'s ' ${form.x}", 'string'],
  ["'The sum is ' (${data.a} + ${data.b})", 'string'],
  ["'Each pays ' ${data.total} / ${form.people}", 'string'],
  ['${data.a} + ${data.b}', 'number'],
  ['((${data.a} + 3) * 2)', 'number'],
  ['2024', 'number'],
  ['${form.age} >= 18', 'boolean'],
  ["(${form.a} != '') || (${form.b} != '')", 'boolean'],
  ['!${form.accept}', 'boolean'],
  ['((${form.accept}))', 'reference'],
  ['${form.a b & c}', 'reference'],
  ['true', 'boolean'],
  ['', 'unknown'],
  [`${'('.repeat(50_000)}`, 'unknown'],
  ['('.repeat(100), 'unknown'],
])('`%s` is %s', (expression, type) => {
  expect(resultType(expression)).toBe(type as ReturnType<typeof resultType>)
})
