// The desk's thread.

import { serveCalls } from '../lib/worker.ts'
import { type DeskHere, type DeskSetup, openDeskHere } from './here.ts'

let desk: DeskHere | undefined

const opened = (): DeskHere => {
  if (!desk) throw new Error('the desk is not open')
  return desk
}

const calls = {
  open(setup: DeskSetup): void {
    desk = openDeskHere(setup)
  },
  answer: (...args: Parameters<DeskHere['answer']>) => opened().answer(...args),
  refresh: () => opened().refresh(),
  close: () => opened().close(),
}

export type DeskCalls = typeof calls

serveCalls(calls)
