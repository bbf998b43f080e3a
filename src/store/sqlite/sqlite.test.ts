import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../contract.ts'
import { openSqliteStore } from './sqlite.ts'

storeContract('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-store-'))
  const file = join(folder, 'store.db')
  const store = await openSqliteStore(file)
  let current = store
  return {
    store,
    async reopen() {
      await current.close()
      current = await openSqliteStore(file)
      return current
    },
    async dispose() {
      await current.close()
      await rm(folder, { recursive: true })
    },
  }
})
