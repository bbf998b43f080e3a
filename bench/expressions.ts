// What the worst expressions over 1 MB cost everybody else: each built-in of JSONata, and the operators, through the server's
// evaluator. Then the same over as much of it as is evaluated on the thread that answers.
//
//   bun bench/expressions.ts [--only sort]
//
// The stall is the longest turn of this thread's event loop, in milliseconds of work of this thread (Linux), so that other
// programs on the machine do not count. It includes writing 1 MB down for the other thread and reading its answer.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createEvaluator } from '../src/evaluator/evaluator.ts'
import { MOST_HERE } from '../src/flow/built-in-limits.ts'
import { parseExpression } from '../src/flow/expression.ts'
import { approximateSize } from '../src/lib/approximate-size.ts'
import type { Json } from '../src/lib/json.ts'
import { WORST_CALLS, WORST_OPERATIONS, type WorstCall } from '../test/worst-arguments.ts'

type Row = { readonly name: string; readonly call: WorstCall }

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const evaluator = createEvaluator()

let stall = 0
let turn = worked()
let isOver = false
tick()

const rows: Row[] = [
  ...Object.entries(WORST_CALLS).flatMap(([name, calls]) => calls.map((call) => ({ name, call }))),
  ...WORST_OPERATIONS.map((call) => ({ name: '(operators)', call })),
].filter(({ name }) => values.only === undefined || name === values.only)

await measure('over 1 MB', rows)
await measure(
  'over what is evaluated here',
  rows.map(({ name, call }) => ({ name, call: { ...call, input: little(call.input) } })),
)
console.log(`RSS ${Math.round(process.memoryUsage.rss() / 1e6)} MB`)
isOver = true
evaluator.close()

async function measure(title: string, measured: readonly Row[]): Promise<void> {
  console.log(`\n${title}\n${'built-in'.padEnd(20)} ${'stall ms'.padStart(8)} ${'took ms'.padStart(8)}  outcome`)
  let longest = 0
  for (const { name, call } of measured) {
    const expression = parseExpression(call.expression)
    await Bun.sleep(20)
    Bun.gc(true)
    await Bun.sleep(5)
    stall = 0
    const started = performance.now()
    const evaluated = await evaluator.evaluate(expression, { input: call.input })
    const took = performance.now() - started
    await Bun.sleep(5)
    longest = Math.max(longest, stall)
    const outcome = evaluated.ok
      ? `a result of ${JSON.stringify(evaluated.value ?? null).length} characters`
      : evaluated.message.slice(call.expression.length + 2)
    const figures = `${name.padEnd(20)} ${stall.toFixed(1).padStart(8)} ${took.toFixed(0).padStart(8)}`
    console.log(`${figures}  ${outcome}   ${call.expression}`)
  }
  console.log(`longest stall ${longest.toFixed(1)} ms`)
}

function tick(): void {
  const now = worked()
  stall = Math.max(stall, now - turn)
  turn = now
  if (!isOver) setTimeout(tick, 1)
}

/** Milliseconds that this thread has worked. */
function worked(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

/** As much of it as an expression may see to be evaluated here. */
function little(input: Json): Json {
  let share = 1
  let cut = input
  while (approximateSize({ input: cut }, MOST_HERE) > MOST_HERE) {
    share *= 0.95
    cut = cutTo(input, share)
  }
  return cut
}

function cutTo(input: Json, share: number): Json {
  if (typeof input === 'string') return input.slice(0, input.length * share)
  if (Array.isArray(input)) return input.slice(0, Math.ceil(input.length * share))
  if (typeof input !== 'object' || input === null) return input
  const entries = Object.entries(input)
  if (entries.length > 2) return Object.fromEntries(entries.slice(0, Math.ceil(entries.length * share)))
  return Object.fromEntries(entries.map(([name, item]) => [name, cutTo(item, share)]))
}
