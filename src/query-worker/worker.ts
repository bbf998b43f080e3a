// The thread of the query worker, with its own connection to the store.

import type { Outline } from '../flow/outline.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog } from '../lib/log.ts'
import { serveCalls } from '../lib/worker.ts'
import type { ReportDeps } from '../report/context.ts'
import { type AskReport, reportsFrom } from '../report/reports.ts'
import { createRollups, type Rollups } from '../rollup/rollups.ts'
import { openQueryStore } from '../store/open.ts'
import { warmUp } from './warm-up.ts'

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
  const answer: AskReport = async (name, question, now) =>
    reportsFrom({ ...deps, ...(await open()) })(name, question, now)
  let hasAsked = false
  let isWarm = false

  return {
    report: (async (name, question, now) => {
      hasAsked = true
      return answer(name, question, now)
    }) satisfies AskReport,
    async refresh() {
      const refreshed = await (await open()).rollups.refresh()
      if (!refreshed.isStale && !isWarm) {
        isWarm = true
        // What fails here fails the question, too, and is told then.
        if (!hasAsked) await warmUp(answer, systemClock(), () => hasAsked).catch(() => {})
      }
      return refreshed
    },
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
