// Reads a damaged table row by row, as far as SQLite gets.

import { type Database, SQLiteError } from 'bun:sqlite'

export type DamagedRow = { readonly key: number; readonly [column: string]: unknown }

/** What to read; `key` is the integer primary key. */
export type Wanted = { readonly table: string; readonly key: string; readonly columns: string }

/** How often reading may fail before the rest is given up. A failure costs some microseconds. */
const MAX_FAILURES = 20_000

/** An entry of the journal takes more than a sixty-fourth of a page. */
const ROWS_PER_PAGE = 64

/**
 * Every readable row of the table, in no particular order; some may come twice. SQLite stops at a damaged page. So this reads
 * rows from the front until that fails, then from the back; it halves the gap between and reads both halves in the same way,
 * until nothing is left or reading has failed too often.
 */
export function* readDamagedTable(db: Database, wanted: Wanted, pages: number): Generator<DamagedRow> {
  const lowest = edge(db, wanted, 'min') ?? 1
  const gaps: Gap[] = [[lowest, edge(db, wanted, 'max') ?? lowest + pages * ROWS_PER_PAGE]]
  let failures = 0
  // Grows during the loop, so that large gaps come before small ones.
  for (const gap of gaps) {
    const above = yield* read(db, wanted, gap, 'ASC')
    const between = above && (yield* read(db, wanted, above, 'DESC'))
    if (!between || between[0] >= between[1]) continue
    if (++failures > MAX_FAILURES) return
    const [low, high] = between
    const middle = Math.floor((low + high) / 2)
    gaps.push([low, middle], [middle + 1, high])
  }
}

/** Both ends included. */
type Gap = readonly [from: number, to: number]

/** Returns what could not be read; undefined when all could. */
function* read(
  db: Database,
  { table, key, columns }: Wanted,
  [from, to]: Gap,
  order: 'ASC' | 'DESC',
): Generator<DamagedRow, Gap | undefined> {
  let left: Gap = [from, to]
  try {
    const rows = db.query<DamagedRow, [number, number]>(
      `SELECT ${key} AS key, ${columns} FROM ${table} WHERE ${key} BETWEEN ? AND ? ORDER BY ${key} ${order}`,
    )
    for (const row of rows.iterate(from, to)) {
      // A damaged page can say anything, also that it begins all over again.
      if (row.key < left[0] || row.key > left[1]) return left
      yield row
      left = order === 'ASC' ? [row.key + 1, to] : [from, row.key - 1]
    }
    return undefined
  } catch (error) {
    if (error instanceof SQLiteError) return left
    throw error
  }
}

function edge(db: Database, { table, key }: Wanted, which: 'min' | 'max'): number | undefined {
  const sql = `SELECT ${which}(${key}) AS edge FROM ${table}`
  return readable(() => db.query<{ edge: number | null }, []>(sql).get())?.edge ?? undefined
}

/** Undefined where SQLite gives up. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof SQLiteError) return undefined
    throw error
  }
}
