// A copy of the store that may be in use, and what it holds.

import { Database, SQLiteError } from 'bun:sqlite'
import { layoutOf, requireOurs } from './layout.ts'

/**
 * Copies the store as it is at one instant into `target`, which is missing or empty, without a pause for whoever writes meanwhile.
 * Returns its layout. Throws one sentence if it is no store of ours, of a newer version, or damaged; else what SQLite throws.
 */
export function copyStore(file: string, target: string): number {
  const db = new Database(file, { readwrite: true, create: false, strict: true })
  try {
    db.run('PRAGMA busy_timeout = 10000')
    const layout = requireOurs(db, file)
    db.run('VACUUM INTO ?', [target])
    return layout
  } catch (error) {
    throw explainDamage(
      error,
      `the store ${file} is damaged`,
      '; `screentrail restore BACKUP --replace` puts a backup in its place',
    )
  } finally {
    db.close(true)
  }
}

export type StoreContents = { readonly layout: number; readonly events: number; readonly sessions: number }

/** Reads every page of a copy. Throws one sentence unless it is whole, and holds as many as the store had counted. */
export function inspectStore(file: string): StoreContents {
  const db = new Database(file, { readwrite: true, create: false, strict: true })
  try {
    const verdict = db.query<{ integrity_check: string }, []>('PRAGMA integrity_check(1)').get()?.integrity_check
    if (verdict !== 'ok') throw new Error(`the copy of the store, ${file}, is damaged: ${verdict}`)
    const found = {
      events: numberOf(db, 'SELECT count(*) FROM events'),
      sessions: numberOf(db, 'SELECT count(*) FROM sessions'),
    }
    const counted = {
      events: numberOf(db, "SELECT sum(value) FROM counters WHERE name IN ('tracked', 'untracked')"),
      sessions: numberOf(db, "SELECT sum(value) FROM counters WHERE name IN ('completed', 'uncompleted')"),
    }
    for (const what of ['events', 'sessions'] as const)
      if (found[what] !== counted[what])
        throw new Error(
          `the copy of the store, ${file}, has ${found[what]} ${what}, and the store had ${counted[what]}`,
        )
    return { layout: layoutOf(db), ...found }
  } catch (error) {
    throw explainDamage(error, `the copy of the store, ${file}, is damaged`)
  } finally {
    db.close(true)
  }
}

const explainDamage = (error: unknown, found: string, fix = ''): unknown =>
  error instanceof SQLiteError && /^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code ?? '')
    ? new Error(`${found}: ${error.message}${fix}`)
    : error

const numberOf = (db: Database, sql: string): number => Number(db.query(sql).values()[0]?.[0] ?? 0)
