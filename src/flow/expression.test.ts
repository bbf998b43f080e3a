import { describe, expect, test } from 'bun:test'
import { parseExpression } from './expression.ts'

const evaluate = (text: string, input: unknown) => parseExpression(text).evaluate({ input })

describe('a regular expression inside an expression', () => {
  test.each([
    ['$match(input, /a(b)?/).match', 'xab a', ['ab', 'a']],
    ['$match(input, /(\\d+)-(\\d+)/).groups', 'on 12-34', ['12', '34']],
    ['$contains(input, /^ORDER-/i)', 'order-7', true],
    ['$replace(input, /\\s+/, "_")', 'a  b c', 'a_b_c'],
    ['$replace(input, /(\\w)(\\w)/, "$2$1")', 'abcd', 'badc'],
    ['$split(input, /[,;]/)', 'a,b;c', ['a', 'b', 'c']],
    ['$match(input, /^b$/m).match', 'a\nb', 'b'],
    ['$contains(input, /x/)', 'abc', false],
  ])('%s over %p gives %p', async (text, input, value) => {
    expect(await evaluate(text, input)).toEqual({ ok: true, value: value as never })
  })

  test('takes linear time over a text that would take a backtracking engine ages', async () => {
    expect(await evaluate('$contains(input, /^(a+)+$/)', `${'a'.repeat(4_000)}!`)).toEqual({ ok: true, value: false })
  })

  test('that RE2 cannot do is a mistake in the config', () => {
    expect(() => parseExpression('$contains(input, /a(?!b)/)')).toThrow(SyntaxError)
  })
})

describe('a result', () => {
  test('has no functions', async () => {
    const text =
      '{ "a": 1, "lambda": function($x) { $x }, "own": $sum, "part": $pad(?, 3), "list": [$sum, 2], "change": |$|{}| }'
    expect(await evaluate(text, 0)).toEqual({ ok: true, value: { a: 1, list: [2] } })
  })

  test('has what only calls itself a function', async () => {
    const value = { _jsonata_lambda: true, environment: null, list: [{ _jsonata_function: true, implementation: 'x' }] }
    expect(await evaluate('input', value)).toEqual({ ok: true, value })
  })
})

describe('an expression without an end', () => {
  test.each([
    ['calls itself', '($f := function($n) { 1 + $f($n + 1) }; $f(0))'],
    ['calls itself last', '($f := function($n) { $f($n + 1) }; $f(0))'],
    ['makes ever more', '[1..9000000]'],
  ])('that %s fails instead', async (_, text) => {
    expect((await evaluate(text, 0)).ok).toBe(false)
  })
})

test('a transformation whose $clone is no function says so', async () => {
  const { message } = (await evaluate('($clone := 1; input ~> |$|{ "b": 2 }|)', { a: 1 })) as { message: string }
  expect(message).toContain(
    'A transformation copies with $clone, and the expression makes a variable of that name that is no function',
  )
})
