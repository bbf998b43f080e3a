// Opening the file: where it is, whether it is ours, and bringing its tables up to date.

import { Database, SQLiteError } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { makePrivateFile } from '../../lib/private-file.ts'
import { keepOlder } from './keep-older.ts'
import { APPLICATION_ID, isOurs, layoutOf, SQLITE_LAYOUT } from './layout.ts'
import { BUSY_TIMEOUT_MS } from './purge.ts'
import { MIGRATIONS } from './schema.ts'

/** From which layout to which. `kept`: the path of a copy from before. */
export type Migration = { readonly from: number; readonly to: number; readonly kept?: string }

/**
 * Creates the file and its folder when they are missing. With `keepsOlder`, a file of an older layout is copied before it is brought up
 * to date. Throws one sentence that names the file and the fix.
 */
export function openDatabase(
  file: string,
  keepsOlder: boolean,
): { readonly db: Database; readonly migration?: Migration } {
  const path = resolve(file)
  makeFolder(path)
  makePrivateFile(path)
  let db: Database | undefined
  try {
    db = new Database(path, { create: true, readwrite: true, strict: true })
    for (const pragma of PRAGMAS) db.run(`PRAGMA ${pragma}`)
    const migration = migrate(db, path, keepsOlder)
    return { db, ...(migration && { migration }) }
  } catch (error) {
    db?.close()
    throw error instanceof SQLiteError ? new Error(explainError(error, path)) : error
  }
}

// busy_timeout comes first: without it the change to WAL itself fails at once when another process has the file open.
// synchronous is FULL because the journal lets go of what `record` acknowledged, so that must outlive a power cut.
const PRAGMAS = [
  `busy_timeout = ${BUSY_TIMEOUT_MS}`,
  // Of a new file only.
  'auto_vacuum = INCREMENTAL',
  'journal_mode = WAL',
  'synchronous = FULL',
  'cache_size = -32768',
  'temp_store = MEMORY',
  // What is replaced or deleted is overwritten, also in pages that become free.
  'secure_delete = ON',
  'journal_size_limit = 67108864',
  'trusted_schema = OFF',
]

function makeFolder(path: string): void {
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Error(`store: cannot make the folder ${folder} (${(error as Error).message}); ${CHOOSE_ANOTHER}`)
  }
}

/** Undefined where nothing was to be done, or the file is new. */
function migrate(db: Database, path: string, keepsOlder: boolean): Migration | undefined {
  return db
    .transaction((): Migration | undefined => {
      const version = layoutToOpen(db, path)
      if (version === SQLITE_LAYOUT) return undefined
      const kept = version > 0 && keepsOlder ? keepOlder(path, version) : undefined
      for (const step of MIGRATIONS.slice(version)) step(db)
      db.run(`PRAGMA application_id = ${APPLICATION_ID}`)
      db.run(`PRAGMA user_version = ${SQLITE_LAYOUT}`)
      return version === 0 ? undefined : { from: version, to: SQLITE_LAYOUT, ...(kept !== undefined && { kept }) }
    })
    .immediate()
}

/** The layout of a file that can be opened, 0 of one that is still empty. Throws one sentence of any other. Only reads. */
export function layoutToOpen(db: Database, path: string): number {
  const version = layoutOf(db)
  const isEmpty = db.query('SELECT 1 FROM sqlite_schema LIMIT 1').get() === null
  if (!isOurs(db) && !isEmpty) throw new Error(`store: ${path} is the database of another program; ${CHOOSE_ANOTHER}`)
  if (version > SQLITE_LAYOUT)
    throw new Error(
      `store: ${path} was written by a newer Screentrail (layout ${version}, this one knows up to ${SQLITE_LAYOUT}); ` +
        'update Screentrail, or restore a backup from before the update',
    )
  return version
}

const CHOOSE_ANOTHER = 'point store.uri in the config at another file'

/** One sentence that names the file and the fix. */
export function explainError(error: SQLiteError, path: string): string {
  const code = error.code ?? ''
  if (code === 'SQLITE_NOTADB') return `store: ${path} is not a SQLite database; ${CHOOSE_ANOTHER}`
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM'))
    return `store: cannot write to ${path} (${error.message}); let the user who runs Screentrail write to it and its folder, or ${CHOOSE_ANOTHER}`
  if (code.startsWith('SQLITE_BUSY'))
    return `store: ${path} is locked by another process (${error.message}); stop that process and start again`
  if (code.startsWith('SQLITE_CORRUPT'))
    return `store: ${path} is damaged (${error.message}); restore a backup, or ${CHOOSE_ANOTHER}`
  return `store: cannot open ${path} (${error.message}); free some disk space or check the disk, or ${CHOOSE_ANOTHER}`
}
