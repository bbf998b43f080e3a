import { Database } from 'bun:sqlite'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { makePrivateFile } from '../lib/private-file.ts'
import { cannotOpen } from './database.ts'

export type Lock = {
  /** Whether a journal has been kept under this name before. */
  readonly isOld: boolean
  /** Releases it; `forget` also deletes its file. */
  close(forget?: boolean): void
}

/**
 * Two processes that drain one journal would count its events twice. The lock is a separate file, so that others can still read
 * the journal; the operating system releases it however the process ends.
 */
export function takeLock(file: string): Lock {
  const path = lockFileOf(file)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const isOld = existsSync(path)
    const lock = lockFile(path)
    return {
      isOld,
      close(forget = false) {
        if (forget) rmSync(path, { force: true })
        lock.close()
      },
    }
  } catch (error) {
    if (!isLocked(error)) throw cannotOpen(file, error)
    throw new Error(
      `the journal ${file} is in use by another screentrail process. Stop that one first, or give this one another journal.file`,
    )
  }
}

/** Locks a file of its own, and makes it where it is missing. Throws what SQLite throws; see `isLocked`. */
export function lockFile(path: string, patienceMs = LOCK_PATIENCE_MS): { close(): void } {
  makePrivateFile(path)
  const lock = new Database(path, { create: true })
  try {
    lock.run(`PRAGMA busy_timeout = ${patienceMs}`)
    lock.run('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw error
  }
}

/** Whether the error says that another process has the lock. */
export const isLocked = (error: unknown): boolean => (error as { code?: string }).code === 'SQLITE_BUSY'

/** Whether a process has the journal open at this moment. */
export function isInUse(file: string): boolean {
  const path = lockFileOf(file)
  if (!existsSync(path)) return false
  try {
    lockFile(path, 0).close()
    return false
  } catch (error) {
    if (isLocked(error)) return true
    throw error
  }
}

const lockFileOf = (file: string): string => `${file}.lock`

/** Long enough for a process that is just stopping. */
const LOCK_PATIENCE_MS = 2_000
