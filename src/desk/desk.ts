// Where numbers are worked out: on a thread of its own, with its own connection to the store, so that neither questions nor
// rollups delay a reply, however much there is to read and to count.

import type { Answer } from '../api/answer.ts'
import type { Question } from '../api/answers.ts'
import { Unavailable } from '../lib/unavailable.ts'
import { within } from '../lib/within.ts'
import { type Connection, connectWorker, startThread } from '../lib/worker.ts'
import type { Store } from '../store/store.ts'
import type { DeskSetup } from './here.ts'
import type { DeskCalls } from './worker.ts'

export type Desk = {
  /** `answersFrom` the store. Rejects when it is out of reach. */
  answer(question: Question): Promise<Answer>
  /** Of the store: its rollups are kept by whoever reads them, since what is remembered of them is here. */
  refresh: Store['refresh']
  /** Idempotent. After it every call rejects. */
  close(): Promise<void>
}

/** What is under way then may take longer, milliseconds; it only reads, or does what will be done again. */
const CLOSE_PATIENCE_MS = 2_000

/** The thread starts with the first call; when it ever dies, another with the next one. */
export function openDesk(setup: DeskSetup, startWorker = () => startThread('desk/worker.ts')): Desk {
  let connection: Connection<DeskCalls> | undefined
  let isClosed = false

  const start = (): Connection<DeskCalls> => {
    const started = connectWorker<DeskCalls>(startWorker(), () => {
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
        if (closing) await within(CLOSE_PATIENCE_MS, closing.remote.close())
      } finally {
        closing?.close()
      }
    },
  }
}
