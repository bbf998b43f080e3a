// What the query worker does, on its own thread.

import { createLog } from '../lib/log.ts'
import type { ReportDeps } from '../report/context.ts'
import { type AskReport, reportsFrom } from '../report/reports.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** Plain data. */
export type QueryWorkerSetup = Omit<ReportDeps, 'store'> & { readonly storeUri: string }

export type LocalQueryWorker = ReturnType<typeof openLocalQueryWorker>

export function openLocalQueryWorker({ storeUri, ...deps }: QueryWorkerSetup) {
  // Failures go to the caller, who has a log.
  const log = createLog('silent')
  let store: Promise<Store> | undefined
  const opened = (): Promise<Store> => {
    store ??= openStore(storeUri, log, { thread: 'this' }).catch((error: unknown) => {
      store = undefined
      throw error
    })
    return store
  }
  const report: AskReport = async (name, question, now) =>
    reportsFrom({ ...deps, store: await opened() })(name, question, now)

  return {
    report,
    refresh: async () => (await opened()).refresh(),
    close: async () => (await store)?.close(),
  }
}
