// A thread that evaluates. The other side ends it when it takes too long.

import { heapSize } from 'bun:jsc'
import { setPriority } from 'node:os'
import { type Expression, parseExpression } from '../flow/expression.ts'
import { TOO_LARGE } from '../flow/expression-error.ts'
import { parsePattern } from '../flow/field-pattern.ts'
import { serveCalls } from '../lib/worker.ts'

/** What one evaluation may hold in memory, bytes, and after how many of its steps that is looked at. */
const MAX_HEAP_BYTES = 192 * 1024 * 1024
const STEPS_BETWEEN = 64

/** Whoever waits for an answer comes first. Only on Linux is this the priority of a thread, not of the process. */
if (process.platform === 'linux') setPriority(0, 5)

const parsed = new Map<string, Expression>()
let steps = 0

function watch(): void {
  if (++steps % STEPS_BETWEEN > 0 || heapSize() < MAX_HEAP_BYTES) return
  Bun.gc(true)
  if (heapSize() > MAX_HEAP_BYTES) throw { code: TOO_LARGE }
}

/** The config has so many expressions and no more, so all that were parsed are kept. */
function expressionOf(language: Expression['language'], text: string): Expression {
  const key = `${language} ${text}`
  const expression = parsed.get(key) ?? (language === 're2' ? parsePattern(text) : parseExpression(text, watch))
  parsed.set(key, expression)
  return expression
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
