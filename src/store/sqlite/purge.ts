import type { Database } from 'bun:sqlite'
import type { StoreCalls } from '../store.ts'

/**
 * `secure_delete` has overwritten what was deleted in the file itself; the write-ahead log still has pages as they were. It cannot be
 * cut off while another connection reads them, and waiting here would hold up whoever records.
 */
export function createPurge(db: Database): StoreCalls<'purge'>['purge'] {
  return () => {
    db.run('PRAGMA busy_timeout = 0')
    try {
      return db.query<{ busy: number }, []>('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0
    } finally {
      db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    }
  }
}

export const BUSY_TIMEOUT_MS = 10_000
