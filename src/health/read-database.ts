// Reads a database of ours without a trace, whether or not a server has it open.

import { constants, Database, SQLiteError } from 'bun:sqlite'
import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { fileReason } from '../config/file-reason.ts'

export type DatabaseReading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'missing' }
  /** `refusal`: by SQLite, if it was not the disk's. */
  | { readonly kind: 'unreadable'; readonly reason: string; readonly refusal: SQLiteError | undefined }

export async function readDatabase<T>(
  file: string,
  read: (db: Database) => T | Promise<T>,
): Promise<DatabaseReading<T>> {
  let db: Database | undefined
  try {
    if (!statSync(file, { throwIfNoEntry: false })) return { kind: 'missing' }
    db = openReadOnly(file)
    db.run('PRAGMA busy_timeout = 2000')
    return { kind: 'read', value: await read(db) }
  } catch (error) {
    const refusal = error instanceof SQLiteError ? error : undefined
    return { kind: 'unreadable', reason: refusal?.message ?? fileReason(error), refusal }
  } finally {
    db?.close(true)
  }
}

/** Without a -shm no server has it open. Then `immutable` keeps SQLite from creating -shm and -wal, which would belong to our user. */
function openReadOnly(file: string): Database {
  if (existsSync(`${file}-shm`)) return new Database(file, { readonly: true, strict: true })
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI
  return new Database(`${pathToFileURL(file).href}?immutable=1`, flags)
}
