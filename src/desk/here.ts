// What the desk does, on the thread that it has for itself.

import { answersFrom, type Question } from '../api/answers.ts'
import { createLog } from '../lib/log.ts'
import { createTurns } from '../lib/turns.ts'
import type { ReportDeps } from '../report/reader.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/** What it works with, as plain data. */
export type DeskSetup = Omit<ReportDeps, 'store'> & { readonly storeUri: string }

/** What one is worked out from can take some ten megabytes. */
const ANSWERS_AT_ONCE = 4

export type DeskHere = ReturnType<typeof openDeskHere>

export function openDeskHere({ storeUri, ...reports }: DeskSetup) {
  // Whoever calls is told what fails, and has a log.
  const log = createLog('silent')
  let store: Promise<Store> | undefined
  const opened = (): Promise<Store> => {
    store ??= openStore(storeUri, log, 'this').catch((error: unknown) => {
      store = undefined
      throw error
    })
    return store
  }

  const inTurn = createTurns(ANSWERS_AT_ONCE)

  return {
    answer: (question: Question) => inTurn(async () => answersFrom({ ...reports, store: await opened() })(question)),
    refresh: async () => (await opened()).refresh(),
    close: async () => (await store)?.close(),
  }
}
