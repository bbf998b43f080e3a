// Evaluates expressions over what clients and outside APIs send. Nearly all take microseconds, at once, on this thread. One that
// takes longer, or sees more than any form sends, goes on in a thread of its own, which is ended when it takes too long:
// nothing else stops a built-in of JSONata that is at work.

import type { Evaluate, Evaluated, Expression, Scope } from '../flow/expression.ts'
import type { Stopwatch } from '../lib/clock.ts'
import type { Connection } from '../lib/worker.ts'
import { createFairQueue } from './fair-queue.ts'
import { createScopeWriter } from './scope-json.ts'
import { createThreadPool } from './thread-pool.ts'
import { createTimeSlice } from './time-slice.ts'
import type { EvaluatorCalls } from './worker.ts'

export type Evaluator = {
  readonly evaluate: Evaluate
  /** Ends the threads; what they work on fails. Idempotent. */
  close(): void
}

/** Together they see at most this many characters while they wait. */
const LINE = { places: 2, jobs: 128, size: 32 * 1024 * 1024 }

/** Threads start when they are first needed. */
export function createEvaluator(connect: () => Connection<EvaluatorCalls>, stopwatch: Stopwatch): Evaluator {
  const textOf = createScopeWriter()
  const inRow = createTimeSlice(stopwatch)
  const threads = createThreadPool(connect)
  const line = createFairQueue(LINE, async (owner, { expression, text }: Job): Promise<Evaluated> => {
    const evaluated = await threads.evaluate(expression, text)
    if (evaluated) return evaluated
    const failed = { ok: false, message: `${expression.text}: It takes too long` } as const
    line.dismiss(owner, { ok: false, message: `${expression.text}: An expression before it took too long` })
    return failed
  })

  const aside = async (expression: Expression, scope: Scope): Promise<Evaluated> => {
    const text = textOf(scope)
    const owner = typeof scope.token === 'string' && scope.token !== '' ? scope.token : expression.text
    const result = line.join(owner, { expression, text, size: text.length })
    return result ?? { ok: false, message: `${expression.text}: Too many large evaluations are under way` }
  }

  return {
    async evaluate(expression, scope) {
      return (await inRow(() => expression.evaluateBriefly(scope))) ?? aside(expression, scope)
    },
    close: threads.close,
  }
}

type Job = { readonly expression: Expression; readonly text: string; readonly size: number }
