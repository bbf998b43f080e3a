import { systemStopwatch } from '../lib/clock.ts'
import { connectWorker, startThread } from '../lib/worker.ts'
import { createEvaluator, type Evaluator } from './evaluator.ts'
import type { EvaluatorCalls } from './worker.ts'

/** The evaluator on threads of this process. */
export const openEvaluator = (): Evaluator =>
  createEvaluator(
    () => connectWorker<EvaluatorCalls>(startThread('evaluator/worker.ts', { smol: true })),
    systemStopwatch,
  )
