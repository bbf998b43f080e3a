// What the desk does, on the thread that it has for itself.

import { type ApiQuestion, answersFrom } from '../api/answer-question.ts'
import { createConcurrencyLimit } from '../lib/concurrency-limit.ts'
import { createLog } from '../lib/log.ts'
import { Unavailable } from '../lib/unavailable.ts'
import type { ReportDeps } from '../report/context.ts'
import { createRollups, type Rollups } from '../rollup/rollups.ts'
import { openQueryStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** What it works with, as plain data. */
export type QueryWorkerSetup = Omit<ReportDeps, 'store' | 'rollups'> & { readonly storeUri: string }

/** What one is worked out from can take some ten megabytes. */
const ANSWERS_AT_ONCE = 4

/** The API lets fewer wait than that; this is for whoever else asks. */
const MOST_WAITING = 64

type Opened = { readonly store: Store; readonly rollups: Rollups }

export type LocalQueryWorker = ReturnType<typeof openLocalQueryWorker>

export function openLocalQueryWorker({ storeUri, ...reports }: QueryWorkerSetup) {
  // Whoever calls is told what fails, and has a log.
  const log = createLog('silent')
  let opened: Promise<Opened> | undefined
  const open = (): Promise<Opened> => {
    opened ??= openQueryStore(storeUri, log).then(
      (store) => ({ store, rollups: createRollups(store.rollups) }),
      (error: unknown) => {
        opened = undefined
        throw error
      },
    )
    return opened
  }

  const inTurn = createConcurrencyLimit({ atOnce: ANSWERS_AT_ONCE, waiting: MOST_WAITING })

  return {
    async answer(question: ApiQuestion) {
      const answered = inTurn(async () => answersFrom({ ...reports, ...(await open()) })(question))
      if (!answered) throw new Unavailable(`more than ${MOST_WAITING} questions wait`)
      return answered
    },
    refresh: async () => (await open()).rollups.refresh(),
    close: async () => (await opened)?.store.close(),
  }
}
