import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../../../test/store-contract/contract.ts'
import { type StoreWithRollups, withRollups } from '../../../test/with-rollups.ts'
import { packId } from './event-id.ts'
import { openSqliteQueryStore, openSqliteStore } from './sqlite.ts'

// On a thread of its own, as where people are answered, with the rollups on this one; and all on this one, as in the query worker.
storeContract('sqlite', async (run) => {
  const folder = mkdtempSync(join(tmpdir(), 'screentrail-store-'))
  const file = join(folder, 'store.db')
  const open = () => (run === 0 ? openOnTwoThreads(file) : openSqliteQueryStore(file).then(withRollups))
  const store = await open()
  let current = store
  return {
    store,
    async reopen() {
      await current.close()
      current = await open()
      return current
    },
    async removeEvents(events) {
      const db = new Database(file)
      db.run('PRAGMA busy_timeout = 10000')
      for (const { id } of events) db.run('DELETE FROM events WHERE id = ?', [packId(id)])
      db.close()
    },
    async dispose() {
      await current.close()
      rmSync(folder, { recursive: true })
    },
  }
})

async function openOnTwoThreads(file: string): Promise<StoreWithRollups> {
  const store = await openSqliteStore(file)
  const { rollups, close } = await openSqliteQueryStore(file)
  return {
    ...withRollups({ ...store, rollups }),
    async close() {
      await close()
      await store.close()
    },
  }
}
