// Where numbers are worked out: on a thread of its own, with its own connection to the store, so that neither questions nor
// rollups delay a reply, however much there is to read and to count.

import type { ApiQuestion } from '../api/answer-question.ts'
import type { ApiResponse } from '../api/response.ts'
import { Unavailable } from '../lib/unavailable.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import { type Connection, connectWorker, startThread } from '../lib/worker.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { QueryWorkerSetup } from './local.ts'
import type { QueryWorkerCalls } from './worker.ts'

export type QueryWorker = {
  /** `answersFrom` the store. Rejects when it is out of reach. */
  answer(question: ApiQuestion): Promise<ApiResponse>
  /** Of the store: its rollups are kept by whoever reads them, since what is remembered of them is here. */
  refresh: Rollups['refresh']
  /** Idempotent. After it every call rejects. */
  close(): Promise<void>
}

/** What is under way then may take longer, milliseconds; it only reads, or does what will be done again. */
const CLOSE_PATIENCE_MS = 2_000

/** The thread starts with the first call; when it ever dies, another with the next one. */
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
    // What fails here, fails each call.
    started.remote.open(setup).catch(() => {})
    return started
  }
  const remote = () => {
    if (isClosed) throw new Unavailable('the desk is closed')
    connection ??= start()
    return connection.remote
  }

  return {
    answer: async (question) => remote().answer(question),
    refresh: async () => remote().refresh(),
    async close() {
      isClosed = true
      const closing = connection
      try {
        if (closing) await withTimeout(CLOSE_PATIENCE_MS, closing.remote.close())
      } finally {
        closing?.close()
      }
    },
  }
}
