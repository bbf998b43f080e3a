// Threads that evaluate one expression at a time. They start when needed and are terminated if they take too long.

import type { Evaluated, Expression } from '../flow/expression.ts'
import { Unavailable } from '../lib/unavailable.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import type { Connection } from '../lib/worker.ts'
import type { EvaluatorCalls } from './worker.ts'

/** JSONata itself stops most expressions after 500 ms; the rest is for the transfer of the scope. */
const EVALUATE_TIMEOUT_MS = 600
const START_TIMEOUT_MS = 5_000

export function createThreadPool(connect: () => Connection<EvaluatorCalls>) {
  const all = new Set<Connection<EvaluatorCalls>>()
  const idle: Connection<EvaluatorCalls>[] = []
  let isClosed = false

  const start = async (): Promise<Connection<EvaluatorCalls>> => {
    const thread = connect()
    all.add(thread)
    try {
      await withTimeout(START_TIMEOUT_MS, thread.remote.ready())
    } catch (error) {
      end(thread)
      throw error
    }
    return thread
  }
  const end = (thread: Connection<EvaluatorCalls>) => {
    all.delete(thread)
    thread.close()
  }

  return {
    /** `scope` is JSON. Undefined if it took too long. Never rejects. */
    async evaluate({ language, text }: Expression, scope: string): Promise<Evaluated | undefined> {
      try {
        if (isClosed) throw new Unavailable('the evaluator is closed')
        const thread = idle.pop() ?? (await start())
        try {
          const result = await withTimeout(EVALUATE_TIMEOUT_MS, thread.remote.evaluate(language, text, scope))
          idle.push(thread)
          return JSON.parse(result) as Evaluated
        } catch {
          end(thread)
          return undefined
        }
      } catch {
        return { ok: false, message: `${text}: It could not be evaluated at the moment` }
      }
    },
    close(): void {
      isClosed = true
      for (const thread of all) end(thread)
    },
  }
}
