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

/** A file from before `auto_vacuum` keeps its room, and fills it again. */
export function createReleaseRoom(db: Database): StoreCalls<'releaseRoom'>['releaseRoom'] {
  const freePages = db.prepare<{ freelist_count: number }, []>('PRAGMA freelist_count')
  const free = () => freePages.get()?.freelist_count ?? 0
  return () => {
    const before = free()
    if (before === 0) return true
    db.run(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`)
    const left = free()
    return left === 0 || left === before
  }
}

/** Some milliseconds, for which others wait. */
const PAGES_AT_ONCE = 256

export const BUSY_TIMEOUT_MS = 10_000
