// The thread of the query worker.

import { serveCalls } from '../lib/worker.ts'
import { type LocalQueryWorker, openLocalQueryWorker, type QueryWorkerSetup } from './local.ts'

let worker: LocalQueryWorker | undefined

const opened = (): LocalQueryWorker => {
  if (!worker) throw new Error('the query worker is not open')
  return worker
}

const calls = {
  open(setup: QueryWorkerSetup): void {
    worker = openLocalQueryWorker(setup)
  },
  report: (...args: Parameters<LocalQueryWorker['report']>) => opened().report(...args),
  refresh: () => opened().refresh(),
  close: () => opened().close(),
}

export type QueryWorkerCalls = typeof calls

serveCalls(calls)
