import { expect, test } from 'bun:test'
import pMap from 'p-map'
import { WORST_CALLS, WORST_OPERATIONS } from '../../test/worst-arguments.ts'
import { parseExpression } from '../flow/expression.ts'
import { createEvaluator } from './evaluator.ts'

test('every built-in and operator, given 1 MB, gives a result or fails, and the next expression is evaluated', async () => {
  const evaluator = createEvaluator()
  const evaluate = (text: string, input: unknown, token = '') =>
    evaluator.evaluate(parseExpression(text), { input, token, value: input })
  const calls = [...Object.values(WORST_CALLS).flat(), ...WORST_OPERATIONS]
  const check = async ({ expression, input }: (typeof calls)[number]) => {
    const evaluated = await evaluate(expression, input, expression)
    if (evaluated.ok) expect(JSON.stringify(evaluated.value ?? null).length).toBeLessThan(2 * 1024 * 1024)
    else expect(evaluated.message).toMatch(new RegExp(`^${RegExp.escape(expression)}: [^\n]{1,100}$`))
    expect(await evaluate('input + 1', 1)).toEqual({ ok: true, value: 2 })
  }
  await pMap(calls, check, { concurrency: 2 })
  evaluator.close()
}, 120_000)
