import { Database } from 'bun:sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../../../test/store-contract/contract.ts'
import { type StoreWithRollups, withRollups } from '../../../test/with-rollups.ts'
import type { AuditHead, AuditLink } from '../store.ts'
import { packId } from './event-id.ts'
import { openSqliteQueryStore, openSqliteStore } from './sqlite.ts'

// On a thread of its own, as where people are answered, with the rollups on this one, in the first run of each property; else all on this
// one, as in the query worker: a thread takes longer to start than most tests. The tests of the whole app have it on a thread.
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
    removeEvents: (events) =>
      inFile(file, (db) => {
        for (const { id } of events) db.run('DELETE FROM events WHERE id = ?', [packId(id)])
      }),
    audits: {
      read: () =>
        inFile(file, (db) => ({
          links: db.query<AuditLink, []>('SELECT * FROM audits ORDER BY number').all(),
          head: db.query<AuditHead, []>('SELECT number, hash, since, older FROM audit_head').get() ?? undefined,
        })),
      write: (links, head) =>
        inFile(file, (db) => {
          db.run('DELETE FROM audits')
          db.run('DELETE FROM audit_head')
          for (const { number, at, who, what, detail, before, hash } of links)
            db.run('INSERT INTO audits VALUES (?, ?, ?, ?, ?, ?, ?)', [number, at, who, what, detail, before, hash])
          if (head)
            db.run('INSERT INTO audit_head VALUES (1, ?, ?, ?, ?)', [head.number, head.hash, head.since, head.older])
        }),
    },
    async dispose() {
      await current.close()
      rmSync(folder, { recursive: true })
    },
  }
})

/** In one transaction, behind the back of the store. */
async function inFile<T>(file: string, work: (db: Database) => T): Promise<T> {
  const db = new Database(file)
  try {
    db.run('PRAGMA busy_timeout = 10000')
    return db.transaction(() => work(db)).immediate()
  } finally {
    db.close()
  }
}

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
