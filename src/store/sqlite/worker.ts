// The thread of the database, so that no query delays a reply. Its first call opens the file; all later calls are the store's.

import { serveCalls } from '../../lib/worker.ts'
import { openSynchronousStore } from './synchronous-store.ts'

export type OpenCall = {
  /** Returns the names of the store's calls. */
  open(file: string): string[]
}

serveCalls({
  open(file: string) {
    const { calls } = openSynchronousStore(file)
    serveCalls(calls)
    return Object.keys(calls)
  },
})
