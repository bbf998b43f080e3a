import { afterAll, beforeAll, expect, test } from 'bun:test'
import { builtInsOfJsonata, WORST_CALLS } from '../../test/worst-arguments.ts'
import { BUILT_INS } from '../flow/built-in-limits.ts'
import { parseExpression } from '../flow/expression.ts'
import { parsePattern } from '../flow/field-pattern.ts'
import { createEvaluator, type Evaluator } from './evaluator.ts'

let evaluator: Evaluator
beforeAll(() => {
  evaluator = createEvaluator()
})
afterAll(() => evaluator.close())

const evaluate = (text: string, input: unknown, token = '') =>
  evaluator.evaluate(parseExpression(text), { input, token, value: input })

test('every built-in of JSONata is bounded, and has its worst arguments', () => {
  const names = builtInsOfJsonata()
  expect(names.length).toBeGreaterThan(60)
  expect(Object.keys(BUILT_INS).toSorted()).toEqual(names)
  expect(Object.keys(WORST_CALLS).toSorted()).toEqual(names)
})

test('the same expression gives the same, whether it is evaluated here or on a thread', async () => {
  const long = 'x'.repeat(40_000)
  for (const [text, input] of [
    ['$uppercase(input.q)', { q: 'abc' }],
    ['$sort(input.list, function($a, $b) { $a < $b })', { list: [1, 3, 2] }],
    ['$map(input.list, $substring(?, 0, 2))', { list: ['abc', 'def'] }],
    ['input.list.("n" & $)', { list: [1, 2] }],
    ['$filter(input.list, function($v, $i) { $i > 0 }) ~> $count()', { list: [1, 2, 3] }],
    ['$toMillis(input.t, "[Y0001][M01][D01]T[H01][m01]")', { t: '20260302T0915' }],
    ['input.missing', {}],
    ['$number(input.q)', { q: 'abc' }],
  ] as const) {
    const here = await evaluate(text, input)
    expect(await evaluate(text, { ...input, long })).toEqual(here)
  }
})

test('a pattern over a text that takes it long is matched on a thread', async () => {
  const pattern = parsePattern('[a-z]{1,500}[0-9]')
  const match = (value: string) => evaluator.evaluate(pattern, { value })
  expect(await match('abc1')).toEqual({ ok: true, value: true })
  expect(await match(`${'x'.repeat(490)}1`)).toEqual({ ok: true, value: true })
  expect(await match('x'.repeat(2_000))).toMatchObject({ value: false })
})

test('whoever takes too long waits for themselves, not in the way of others', async () => {
  const endless = Array.from({ length: 12 }, () =>
    evaluate('$eval("($f := function($n) { $f($n + 1) }; $f(0))")', 1, 'one'),
  )
  const other = await evaluate('$eval("1 + 1")', 1, 'other')
  expect(other).toEqual({ ok: true, value: 2 })
  const ends = await Promise.all(endless)
  expect(ends.every(({ ok }) => !ok)).toBe(true)
})

test('a line that is full turns away at once', async () => {
  const expression = parseExpression('$eval("1 + 1")')
  const crowd = await Promise.all(
    Array.from({ length: 300 }, (_, index) => evaluator.evaluate(expression, { token: `${index}` })),
  )
  expect(crowd.filter(({ ok }) => ok).length).toBeGreaterThan(100)
  expect(crowd).toContainEqual({ ok: false, message: '$eval("1 + 1"): Too many large evaluations are under way' })
})

test('one during which others had the processor is evaluated here all the same', async () => {
  const closed = createEvaluator()
  closed.close()
  let reads = 0
  const input = {
    get q() {
      // Nothing is waited for: a thread that sleeps uses no processor, as one that others keep from it.
      if (++reads === 2) Bun.sleepSync(50)
      return 'abc'
    },
  }
  const evaluated = await closed.evaluate(parseExpression('$uppercase(input.q) & $uppercase(input.q)'), { input })
  expect(evaluated).toEqual({ ok: true, value: 'ABCABC' })
})

test('after it is closed, what needs a thread fails', async () => {
  const closed = createEvaluator()
  closed.close()
  closed.close()
  expect(await closed.evaluate(parseExpression('$eval("1")'), {})).toMatchObject({ ok: false })
  expect(await closed.evaluate(parseExpression('1 + 1'), {})).toEqual({ ok: true, value: 2 })
})
