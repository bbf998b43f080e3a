// Opens a damaged journal for SQLite without a change to the file: under another name, with a log of its own.

import { Database } from 'bun:sqlite'
import { constants, copyFileSync, linkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readable } from './read-damaged-table.ts'
import { DATABASE_PAGE_BYTES, type WrittenPages, writeLogFor } from './wal-recovery.ts'

/** Without `isNewest`, the ledger is an older one. */
export type View = WrittenPages & { readonly source: Database }

/** Without a view when not even the tables can be found. `sound`: a new journal. */
export function withView<T>(file: string, sound: Database, use: (view?: View) => T): T {
  const view = nameOf(file)
  try {
    for (const firstPage of [undefined, firstPageOf(sound)]) {
      discard(view)
      const written = writeLogFor(view, file, nameAnew(file, view), firstPage)
      const source = open(view)
      if (!source) continue
      try {
        return use({ source, ...written })
      } finally {
        source.close(true)
      }
    }
    return use()
  } finally {
    discard(view)
  }
}

/** Removes the files of a view that was cut short. */
export const discardView = (file: string): void => discard(nameOf(file))

const nameOf = (file: string): string => `${file}.view`

/** Returns its size in pages. SQLite throws the log of an empty file away, so that one gets a page without anything on it. */
function nameAnew(file: string, view: string): number {
  const { size } = statSync(file)
  if (size < DATABASE_PAGE_BYTES) {
    writeFileSync(view, Buffer.alloc(DATABASE_PAGE_BYTES), { mode: 0o600 })
    return 1
  }
  try {
    linkSync(file, view)
  } catch {
    // Not every file system lets a file have two names.
    copyFileSync(file, view, constants.COPYFILE_FICLONE)
  }
  return Math.ceil(size / DATABASE_PAGE_BYTES)
}

/**
 * The first page says where the tables begin, which is the same in every journal. How many pages there are, it says too; with
 * a zero there, SQLite goes by the file and the log.
 */
function firstPageOf(sound: Database): Buffer {
  const page = Buffer.from(sound.serialize().subarray(0, DATABASE_PAGE_BYTES))
  page.writeUInt32BE(0, PAGE_COUNT_AT)
  return page
}

const PAGE_COUNT_AT = 28

function open(view: string): Database | undefined {
  const db = new Database(view, { readonly: true })
  const opened = readable(() => {
    // Without it, a file that is shorter than it says is not read at all.
    db.run('PRAGMA writable_schema = ON')
    db.run('PRAGMA cell_size_check = ON')
    for (const table of ['entries', 'quarantine', 'ledger']) db.prepare(`SELECT * FROM ${table}`).finalize()
    return db
  })
  if (!opened) db.close(true)
  return opened
}

/** Removes a database that is not the journal itself. */
export function discard(path: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(`${path}${part}`, { force: true })
}
