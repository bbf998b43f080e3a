// What the worst expressions over 1 MB cost everybody else: each built-in of JSONata, and the operators, through the server's
// evaluator.
//
//   bun bench/expressions.ts [--only sort]
//
// The stall is the longest turn of this thread's event loop, in milliseconds of work of this thread (Linux), so that other
// programs on the machine do not count. It includes writing 1 MB down for the other thread and reading its answer.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openEvaluator } from '../src/evaluator/open.ts'
import { parseExpression } from '../src/flow/expression.ts'
import { WORST_CALLS, WORST_OPERATIONS, type WorstCall } from '../test/worst-arguments.ts'

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const evaluator = openEvaluator()

/** Milliseconds that this thread has worked. */
const worked = (): number =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6

let stall = 0
let turn = worked()
let isOver = false
const tick = () => {
  const now = worked()
  stall = Math.max(stall, now - turn)
  turn = now
  if (!isOver) setTimeout(tick, 1)
}
tick()

const rows: { readonly name: string; readonly call: WorstCall }[] = [
  ...Object.entries(WORST_CALLS).flatMap(([name, calls]) => calls.map((call) => ({ name, call }))),
  ...WORST_OPERATIONS.map((call) => ({ name: '(operators)', call })),
].filter(({ name }) => values.only === undefined || name === values.only)

console.log(`${'built-in'.padEnd(20)} ${'stall ms'.padStart(8)} ${'took ms'.padStart(8)}  outcome`)
const stalls: number[] = []
for (const { name, call } of rows) {
  const expression = parseExpression(call.expression)
  await Bun.sleep(20)
  Bun.gc(true)
  await Bun.sleep(5)
  stall = 0
  const started = performance.now()
  const evaluated = await evaluator.evaluate(expression, { input: call.input })
  const took = performance.now() - started
  await Bun.sleep(5)
  stalls.push(stall)
  const outcome = evaluated.ok
    ? `a result of ${(JSON.stringify(evaluated.value ?? null) ?? '').length} characters`
    : evaluated.message.slice(call.expression.length + 2)
  console.log(
    `${name.padEnd(20)} ${stall.toFixed(1).padStart(8)} ${took.toFixed(0).padStart(8)}  ${outcome}   ${call.expression}`,
  )
}
console.log(
  `\nlongest stall ${Math.max(...stalls).toFixed(1)} ms; RSS ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
)
isOver = true
evaluator.close()
