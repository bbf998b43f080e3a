// What the desk does, on the thread that it has for itself.

import { type ApiQuestion, answersFrom } from '../api/answer-question.ts'
import { createConcurrencyLimit } from '../lib/concurrency-limit.ts'
import { createLog } from '../lib/log.ts'
import { Unavailable } from '../lib/unavailable.ts'
import type { ReportDeps } from '../report/context.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** What it works with, as plain data. */
export type QueryWorkerSetup = Omit<ReportDeps, 'store'> & { readonly storeUri: string }

/** What one is worked out from can take some ten megabytes. */
const ANSWERS_AT_ONCE = 4

/** The API lets fewer wait than that; this is for whoever else asks. */
const MOST_WAITING = 64

export type LocalQueryWorker = ReturnType<typeof openLocalQueryWorker>

export function openLocalQueryWorker({ storeUri, ...reports }: QueryWorkerSetup) {
  // Whoever calls is told what fails, and has a log.
  const log = createLog('silent')
  let store: Promise<Store> | undefined
  const opened = (): Promise<Store> => {
    store ??= openStore(storeUri, log, { thread: 'this' }).catch((error: unknown) => {
      store = undefined
      throw error
    })
    return store
  }

  const inTurn = createConcurrencyLimit({ atOnce: ANSWERS_AT_ONCE, waiting: MOST_WAITING })

  return {
    async answer(question: ApiQuestion) {
      const answered = inTurn(async () => answersFrom({ ...reports, store: await opened() })(question))
      if (!answered) throw new Unavailable(`more than ${MOST_WAITING} questions wait`)
      return answered
    },
    refresh: async () => (await opened()).refresh(),
    close: async () => (await store)?.close(),
  }
}
