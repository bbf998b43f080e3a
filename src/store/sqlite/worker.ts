// The thread of the database, so that no query delays a reply. Its first call opens the file; all later calls are the store's.

import { serveCalls } from '../../lib/worker.ts'
import type { Migration } from './database.ts'
import { openSynchronousStore } from './synchronous-store.ts'

export type OpenCall = {
  /** `names`: of the store's calls. */
  open(
    file: string,
    keepsOlder: boolean,
  ): { readonly names: readonly string[]; readonly migration: Migration | undefined }
}

serveCalls({
  open(file: string, keepsOlder: boolean) {
    const { calls, migration } = openSynchronousStore(file, keepsOlder)
    serveCalls(calls)
    return { names: Object.keys(calls), migration }
  },
})
