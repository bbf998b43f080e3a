// Opens the journal's file and checks it for damage.

import { Database, SQLiteError } from 'bun:sqlite'
import { statSync } from 'node:fs'
import { makePrivateFile } from '../lib/private-file.ts'

export type Durability = 'disk' | 'process'

/** The -wal grows beyond its 1,000 pages (4 MB) while another process reads the journal; then it is cut to this many bytes. */
const WAL_BYTES = 8 * 1024 * 1024

export const BUSY_TIMEOUT_MS = 5_000

/** Up to this size the whole file is checked when it is opened, at 1.3 ms per MB. Damage in a larger one shows when it is read. */
const CHECKED_BYTES = 32 * 1024 * 1024

/** `open-damaged.ts` lays the first page of a new file over a damaged one, so the tables must stay where this text puts them. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, owner TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS entries_by_owner ON entries (owner);
  CREATE TABLE IF NOT EXISTS quarantine (at INTEGER NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS ledger (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    received INTEGER NOT NULL, stored INTEGER NOT NULL, repeated INTEGER NOT NULL, dropped INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO ledger VALUES (1, 0, 0, 0, 0);`

export const NO_LEDGER = 'its ledger is empty'

const TABLES = ['entries', 'quarantine', 'ledger']

/** Opens the file, making it where it is missing. Throws what SQLite throws. */
export function openDatabase(file: string, durability: Durability): Database {
  makePrivateFile(file)
  const db = new Database(file, { strict: true, create: true })
  try {
    // busy_timeout first: changing the journal mode needs a lock that another process may hold for a moment.
    db.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    db.run('PRAGMA journal_mode = WAL')
    db.run(`PRAGMA synchronous = ${durability === 'disk' ? 'FULL' : 'NORMAL'}`)
    db.run(`PRAGMA journal_size_limit = ${WAL_BYTES}`)
    db.run('PRAGMA trusted_schema = OFF')
    // What the store has is overwritten here: the store makes pseudonyms of it some day, and this file keeps no other copy.
    db.run('PRAGMA secure_delete = ON')
    db.run(SCHEMA)
    return db
  } catch (error) {
    db.close(true)
    throw error
  }
}

/** The damage of a file that exists, as far as a quick check shows. Only reads. Throws when the file is not a journal. */
export function damageIn(file: string): string | undefined {
  const db = new Database(file, { readonly: true })
  try {
    db.run('PRAGMA busy_timeout = 5000')
    const names = db
      .query<{ name: string }, []>('SELECT name FROM sqlite_schema')
      .all()
      .map(({ name }) => name)
    if (names.length === 0) return undefined
    const missing = TABLES.filter((table) => !names.includes(table))
    if (missing.length === TABLES.length) throw new Error('it is the database of another program')
    if (missing.length > 0) return `it has no table ${missing.join(' and no table ')}`
    if (statSync(file).size <= CHECKED_BYTES) {
      const verdict = db.query<{ quick_check: string }, []>('PRAGMA quick_check(1)').get()?.quick_check
      // A line of stars comes first.
      if (verdict !== 'ok') return verdict?.split('\n').at(-1) ?? 'it cannot be checked'
    }
    return db.query('SELECT 1 FROM ledger').get() ? undefined : NO_LEDGER
  } catch (error) {
    if (isDamage(error)) return (error as Error).message
    throw error
  } finally {
    db.close(true)
  }
}

/** The name of errors about a damaged journal. */
export const DAMAGED = 'DamagedJournal'

export const damaged = (message: string): Error => Object.assign(new Error(message), { name: DAMAGED })

/** Whether something was found in the file that could not have been written. */
export const isDamage = (error: unknown): boolean =>
  error instanceof SQLiteError
    ? /^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code ?? '')
    : error instanceof Error && error.name === DAMAGED

export const cannotOpen = (file: string, error: unknown): Error =>
  new Error(
    `the journal ${file} could not be opened: ${(error as Error).message}. Check that its folder can be written to, or name another file under journal.file`,
  )
