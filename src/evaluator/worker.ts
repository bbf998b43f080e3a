// A thread that evaluates. The other side terminates it if it takes too long.

import { heapSize } from 'bun:jsc'
import { setPriority } from 'node:os'
import { type Expression, parseExpression } from '../flow/expression.ts'
import { TOO_LARGE } from '../flow/expression-error.ts'
import { parsePattern } from '../flow/field-pattern.ts'
import { serveCalls } from '../lib/worker.ts'

/** The heap of one evaluation, and after how many steps it is checked. */
const MAX_HEAP_BYTES = 192 * 1024 * 1024
const STEPS_BETWEEN = 64

/** Replies come first. Only on Linux this sets the priority of the thread, not of the process. */
if (process.platform === 'linux') setPriority(0, 5)

const parsed = new Map<string, Expression>()
let steps = 0

function watch(): void {
  if (++steps % STEPS_BETWEEN > 0 || heapSize() < MAX_HEAP_BYTES) return
  Bun.gc(true)
  if (heapSize() > MAX_HEAP_BYTES) throw { code: TOO_LARGE }
}

/** Keeps all parsed expressions: they are those of the config. */
function expressionOf(language: Expression['language'], text: string): Expression {
  return parsed.getOrInsertComputed(`${language} ${text}`, () =>
    language === 're2' ? parsePattern(text) : parseExpression(text, watch),
  )
}

const calls = {
  ready(): void {},
  /** `scope` and the result, an `Evaluated`, are JSON. */
  async evaluate(language: Expression['language'], text: string, scope: string): Promise<string> {
    return JSON.stringify(await expressionOf(language, text).evaluate(JSON.parse(scope)))
  },
}

export type EvaluatorCalls = typeof calls

serveCalls(calls)
