// Whether a file is a store of ours, and which layout it has.

import type { Database } from 'bun:sqlite'
import { MIGRATIONS } from './schema.ts'

/** 'STRL' in ASCII: marks the file as ours, so that the database of another program is never written to. */
export const APPLICATION_ID = 0x5354524c

/** The layout that this version writes. */
export const SQLITE_LAYOUT = MIGRATIONS.length

/** How many of the `MIGRATIONS` the file has been through. */
export const layoutOf = (db: Database): number => numberOf(db, 'user_version')

export const isOurs = (db: Database): boolean => numberOf(db, 'application_id') === APPLICATION_ID

/** The layout of a file that is to be worked on as it is. Throws one sentence if it is no store of ours, or of a newer version. */
export function requireOurs(db: Database, path: string): number {
  if (!isOurs(db)) throw new Error(`${path} is not a store of Screentrail; see store.uri in the config`)
  const layout = layoutOf(db)
  if (layout > SQLITE_LAYOUT)
    throw new Error(`${path} was written by a newer Screentrail (layout ${layout}); update Screentrail first`)
  return layout
}

function numberOf(db: Database, pragma: string): number {
  const row = db.query<{ [name: string]: number }, []>(`PRAGMA ${pragma}`).get()
  return row?.[pragma] ?? 0
}
