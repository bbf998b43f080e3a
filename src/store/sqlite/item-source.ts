import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { FlowHour } from '../../rollup/time.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import type { ItemSource } from './rollup-storage.ts'

type Table<Row, Item> = {
  readonly select: string
  readonly columns: { readonly flow: string; readonly at: string }
  readonly fromRow: (row: Row) => Item
  /** Selects each hour with items once. */
  readonly hours: string
}

/** The items of a rollup, in order of time. */
export function createItemSource<Row, Item>(
  db: Database,
  { select, columns, fromRow, hours }: Table<Row, Item>,
): ItemSource<Item> {
  const allHours = db.prepare<FlowHour<number>, []>(hours)
  return {
    *between(flow, { from, until }, version, limit = -1) {
      const { where, values } = whereAll([
        [`${columns.at} >= ?`, from],
        [`${columns.at} < ?`, until],
        ...given(version, (version): Condition => ['version = ?', version]),
        [`${columns.flow} = ?`, flow],
      ])
      const rows = db.query<Row, SQLQueryBindings[]>(`${select} ${where} ORDER BY ${columns.at} LIMIT ?`)
      for (const row of rows.iterate(...values, limit)) yield fromRow(row)
    },
    hours: () => allHours.all(),
  }
}
