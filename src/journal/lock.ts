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
  const path = `${file}.lock`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const isOld = existsSync(path)
    makePrivateFile(path)
    const lock = new Database(path, { create: true })
    lock.run(`PRAGMA busy_timeout = ${LOCK_PATIENCE_MS}`)
    lock.run('BEGIN EXCLUSIVE')
    return {
      isOld,
      close(forget = false) {
        if (forget) rmSync(path, { force: true })
        lock.close()
      },
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw cannotOpen(file, error)
    throw new Error(
      `the journal ${file} is in use by another screentrail process. Stop that one first, or give this one another journal.file`,
    )
  }
}

/** Long enough for a process that is just stopping. */
const LOCK_PATIENCE_MS = 2_000
