// The threads that evaluate, each one expression at a time: started when they are needed, ended when they take too long.

import type { Evaluated, Expression } from '../flow/expression.ts'
import { Unavailable } from '../lib/unavailable.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import type { Connection } from '../lib/worker.ts'
import type { EvaluatorCalls } from './worker.ts'

export type ThreadPool = {
  /** `scope` is JSON. Undefined when it took too long. Never rejects. */
  evaluate(expression: Expression, scope: string): Promise<Evaluated | undefined>
  close(): void
}

/** JSONata stops an expression after 500 ms where it can; some more is for what the expression sees to get across. */
const PATIENCE_MS = 600
const START_PATIENCE_MS = 5_000

export function createThreadPool(connect: () => Connection<EvaluatorCalls>): ThreadPool {
  const all = new Set<Connection<EvaluatorCalls>>()
  const idle: Connection<EvaluatorCalls>[] = []
  let isClosed = false

  const start = async (): Promise<Connection<EvaluatorCalls>> => {
    const thread = connect()
    all.add(thread)
    try {
      await withTimeout(START_PATIENCE_MS, thread.remote.ready())
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
    async evaluate({ language, text }, scope) {
      try {
        if (isClosed) throw new Unavailable('the evaluator is closed')
        const thread = idle.pop() ?? (await start())
        try {
          const result = await withTimeout(PATIENCE_MS, thread.remote.evaluate(language, text, scope))
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
    close() {
      isClosed = true
      for (const thread of all) end(thread)
    },
  }
}
