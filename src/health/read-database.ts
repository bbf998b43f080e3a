// Looks into a database of ours, whether or not a server has it open, and leaves no trace there.

import { constants, Database, SQLiteError } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

export type DatabaseReading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string }

export function readDatabase<T>(file: string, read: (db: Database) => T): DatabaseReading<T> {
  if (!existsSync(file)) return { kind: 'missing' }
  let db: Database | undefined
  try {
    db = openReadOnly(file)
    db.run('PRAGMA busy_timeout = 2000')
    return { kind: 'read', value: read(db) }
  } catch (error) {
    if (error instanceof SQLiteError) return { kind: 'unreadable', reason: error.message }
    throw error
  } finally {
    db?.close(true)
  }
}

/**
 * A file that a server has open, or had when it was killed, has a -shm beside it, and is read along with what is in its -wal.
 * Any other is opened as one that nobody changes: even a reader would make these two files, and leave them behind under its
 * own user.
 */
function openReadOnly(file: string): Database {
  if (existsSync(`${file}-shm`)) return new Database(file, { readonly: true, strict: true })
  const flags = constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI
  return new Database(`${pathToFileURL(file).href}?immutable=1`, flags)
}
