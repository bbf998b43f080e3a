// Evaluates expressions over untrusted data. Nearly all take microseconds on this thread. An expression that takes longer, or sees
// more than a form sends, moves to another thread, which is terminated if it takes too long: nothing else stops a built-in of JSONata.

import type { Evaluated, Expression, Scope } from '../flow/expression.ts'
import { systemStopwatch, threadCpuTime } from '../lib/clock.ts'
import { connectWorker, startThread } from '../lib/worker.ts'
import { createFairQueue } from './fair-queue.ts'
import { createScopeWriter } from './scope-json.ts'
import { createThreadPool } from './thread-pool.ts'
import { createTimeSlice } from './time-slice.ts'
import type { EvaluatorCalls } from './worker.ts'

export type Evaluator = ReturnType<typeof createEvaluator>

/** `size`: characters. */
const QUEUE_LIMITS = { places: 2, jobs: 128, size: 32 * 1024 * 1024 }

/** Threads start on first use. */
export function createEvaluator() {
  const textOf = createScopeWriter()
  const inTimeSlice = createTimeSlice(systemStopwatch)
  const threads = createThreadPool(() =>
    connectWorker<EvaluatorCalls>(startThread('evaluator/worker.ts', { smol: true })),
  )
  const queue = createFairQueue(QUEUE_LIMITS, async (owner, { expression, text }: Job): Promise<Evaluated> => {
    const evaluated = await threads.evaluate(expression, text)
    if (evaluated) return evaluated
    const failed = { ok: false, message: `${expression.text}: It takes too long` } as const
    queue.dismiss(owner, { ok: false, message: `${expression.text}: An expression before it took too long` })
    return failed
  })

  const aside = async (expression: Expression, scope: Scope, owner: string): Promise<Evaluated> => {
    const text = textOf(scope)
    const result = queue.join(owner, { expression, text, size: text.length })
    return result ?? { ok: false, message: `${expression.text}: Too many large evaluations are under way` }
  }

  return {
    async evaluate(expression: Expression, scope: Scope): Promise<Evaluated> {
      const seen = expression.scopeOf(scope)
      return (
        (await inTimeSlice(() => evaluateHere(expression, seen))) ?? aside(expression, seen, ownerOf(expression, scope))
      )
    },
    /** Terminates the threads; evaluations under way fail. Idempotent. */
    close: threads.close,
  }
}

/** Again where others had the processor meanwhile: then it is not the expression that took long, and on a thread the same may happen. */
async function evaluateHere(expression: Expression, seen: Scope): Promise<Evaluated | undefined> {
  for (let tries = 1; ; tries++) {
    const [started, worked] = [systemStopwatch(), threadCpuTime()]
    const evaluated = await expression.evaluateBriefly(seen)
    if (evaluated || tries === MOST_TRIES) return evaluated
    const lostMs = systemStopwatch() - started - (threadCpuTime() - worked)
    if (lostMs < LOST_MS) return undefined
  }
}

const MOST_TRIES = 3
/** Half of what an expression may take here. */
const LOST_MS = 10

/** Whose evaluations wait for each other. */
const ownerOf = (expression: Expression, { token }: Scope): string =>
  typeof token === 'string' && token !== '' ? token : expression.text

type Job = { readonly expression: Expression; readonly text: string; readonly size: number }
