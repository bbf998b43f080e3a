import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../../../test/store-contract/contract.ts'
import { packId } from './event-id.ts'
import { openSqliteStore } from './sqlite.ts'

// On a thread of its own, as where people are answered, and without, as where numbers are worked out.
storeContract('sqlite', async (run) => {
  const folder = mkdtempSync(join(tmpdir(), 'screentrail-store-'))
  const file = join(folder, 'store.db')
  const open = () => openSqliteStore(file, run === 0 ? 'own' : 'this')
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
