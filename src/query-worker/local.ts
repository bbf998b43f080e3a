// What the query worker does, on its own thread.

import { createLog } from '../lib/log.ts'
import type { ReportDeps } from '../report/context.ts'
import { type AskReport, reportsFrom } from '../report/reports.ts'
import { createRollups, type Rollups } from '../rollup/rollups.ts'
import { openQueryStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** Plain data. */
export type QueryWorkerSetup = Omit<ReportDeps, 'store' | 'rollups'> & { readonly storeUri: string }

type Opened = { readonly store: Store; readonly rollups: Rollups }

export type LocalQueryWorker = ReturnType<typeof openLocalQueryWorker>

export function openLocalQueryWorker({ storeUri, ...deps }: QueryWorkerSetup) {
  // Failures go to the caller, who has a log.
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
  const report: AskReport = async (name, question, now) =>
    reportsFrom({ ...deps, ...(await open()) })(name, question, now)

  return {
    report,
    refresh: async () => (await open()).rollups.refresh(),
    close: async () => (await opened)?.store.close(),
  }
}
