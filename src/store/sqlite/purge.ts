import type { Database } from 'bun:sqlite'
import { cutLog } from '../../lib/cut-log.ts'
import type { StoreCalls } from '../store.ts'

/** `secure_delete` has overwritten what was deleted in the file itself; the log still has pages as they were. */
export const createPurge =
  (db: Database): StoreCalls<'purge'>['purge'] =>
  () =>
    cutLog(db, BUSY_TIMEOUT_MS)

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
