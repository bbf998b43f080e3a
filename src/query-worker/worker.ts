// The thread of the query worker, with its own connection to the store.

import type { Outline } from '../flow/outline.ts'
import { createLog } from '../lib/log.ts'
import { serveCalls } from '../lib/worker.ts'
import type { ReportDeps } from '../report/context.ts'
import { type AskReport, reportsFrom } from '../report/reports.ts'
import { createRollups, type Rollups } from '../rollup/rollups.ts'
import { openQueryStore } from '../store/open.ts'

/** Plain data. */
export type QueryWorkerSetup = Omit<ReportDeps, 'store' | 'rollups' | 'flows'> & {
  readonly flows: Map<string, Outline>
  readonly storeUri: string
}

function openWorker({ storeUri, ...deps }: QueryWorkerSetup) {
  const openStore = async () => {
    // Failures go to the caller, who has a log. A file of an older layout is a copy already, or the server has kept one.
    const store = await openQueryStore(storeUri, createLog('silent'), { keepsOlder: false })
    return { store, rollups: createRollups(store.rollups) }
  }
  let opened: ReturnType<typeof openStore> | undefined
  /** After a failure, the next call tries again. */
  const open = () => {
    opened ??= openStore().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  return {
    report: (async (name, question, now) =>
      reportsFrom({ ...deps, ...(await open()) })(name, question, now)) satisfies AskReport,
    refresh: async () => (await open()).rollups.refresh(),
    keepParts: async (...args: Parameters<Rollups['keepParts']>) => (await open()).rollups.keepParts(...args),
    learn: (flow: string, outline: Outline) => void deps.flows.set(flow, outline),
    close: async () => (await opened)?.store.close(),
  }
}

/** `open` comes first, and adds the other calls at once: they may be in the same message. */
const calls = {
  open(setup: QueryWorkerSetup): void {
    Object.assign(calls, openWorker(setup))
  },
}

export type QueryWorkerCalls = typeof calls & ReturnType<typeof openWorker>

serveCalls(calls)
