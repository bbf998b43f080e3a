// Answers reports on a thread of its own, so that neither questions nor rollups delay a reply to a flow.

import type { Outline } from '../flow/outline.ts'
import { Unavailable } from '../lib/unavailable.ts'
import { answeredWithin } from '../lib/with-timeout.ts'
import { type Connection, connectWorker, startThread } from '../lib/worker.ts'
import type { AskReport } from '../report/reports.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { QueryWorkerCalls, QueryWorkerSetup } from './worker.ts'

export type QueryWorker = {
  readonly report: AskReport
  /** Runs in the worker, which caches the rollups it reads. */
  readonly refresh: Rollups['refresh']
  readonly keepParts: Rollups['keepParts']
  /** A flow is known better than when the worker was opened. */
  learn(flow: string, outline: Outline): void
  /** Idempotent. After it every call rejects. */
  close(): Promise<void>
}

/** Milliseconds that calls in progress get to end. They only read, or do work that will be repeated. */
const CLOSE_PATIENCE_MS = 2_000

/** The first call starts the thread; when it dies, the next call starts another. */
export function openQueryWorker(
  setup: QueryWorkerSetup,
  startWorker = () => startThread('query-worker/worker.ts'),
): QueryWorker {
  let connection: Connection<QueryWorkerCalls> | undefined
  let isClosed = false

  const start = (): Connection<QueryWorkerCalls> => {
    const started = connectWorker<QueryWorkerCalls>(startWorker(), () => {
      if (connection === started) connection = undefined
    })
    // If this fails, every other call fails too.
    started.remote.open(setup).catch(() => {})
    return started
  }
  const remote = () => {
    if (isClosed) throw new Unavailable('the query worker is closed')
    connection ??= start()
    return connection.remote
  }

  return {
    report: async (name, question, now) => remote().report(name, question, now),
    refresh: async () => remote().refresh(),
    keepParts: async (of, timezone) => remote().keepParts(of, timezone),
    learn(flow, outline) {
      setup.flows.set(flow, outline)
      // A thread that dies gets the whole setup with the next one.
      connection?.remote.learn(flow, outline).catch(() => {})
    },
    async close() {
      isClosed = true
      const closing = connection
      // What it did is stored by then: one that cannot close in time makes nothing of that a failure.
      if (closing) await answeredWithin(CLOSE_PATIENCE_MS, closing.remote.close())
      closing?.close()
    },
  }
}
