// The desk's thread.

import { serveCalls } from '../lib/worker.ts'
import { type LocalQueryWorker, openLocalQueryWorker, type QueryWorkerSetup } from './local.ts'

let desk: LocalQueryWorker | undefined

const opened = (): LocalQueryWorker => {
  if (!desk) throw new Error('the desk is not open')
  return desk
}

const calls = {
  open(setup: QueryWorkerSetup): void {
    desk = openLocalQueryWorker(setup)
  },
  answer: (...args: Parameters<LocalQueryWorker['answer']>) => opened().answer(...args),
  refresh: () => opened().refresh(),
  close: () => opened().close(),
}

export type QueryWorkerCalls = typeof calls

serveCalls(calls)
