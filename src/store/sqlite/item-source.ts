import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { FlowHour, Span } from '../../rollup/time.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import type { ItemSource } from './rollup-storage.ts'

type Table<Row, Item> = {
  readonly select: string
  readonly columns: { readonly flow: string; readonly at: string; readonly number: string }
  readonly atOf: (row: Row) => number
  readonly fromRow: (row: Row) => Item
  /** Selects each hour with items once. */
  readonly hours: string
}

/** The items of a rollup, in order of time. */
export function createItemSource<Row, Item>(
  db: Database,
  { select, columns, atOf, fromRow, hours }: Table<Row, Item>,
): ItemSource<Item> {
  const allHours = db.prepare<FlowHour<number>, []>(hours)
  const find = (flow: number, { from, until }: Span, version?: number, position?: Condition) => {
    const { where, values } = whereAll([
      [`${columns.flow} = ?`, flow],
      [`${columns.at} >= ?`, from],
      [`${columns.at} < ?`, until],
      ...given(version, (version): Condition => ['version = ?', version]),
      ...given(position, (position) => position),
    ])
    const sql = `${select} ${where} ORDER BY ${columns.at}, ${columns.number} LIMIT ?`
    return { query: db.query<Row & { readonly number: number }, SQLQueryBindings[]>(sql), values }
  }
  return {
    *between(flow, span, version) {
      const { query, values } = find(flow, span, version)
      for (const row of query.iterate(...values, -1)) yield fromRow(row)
    },
    page({ flow, version }, span, limit, [at, number] = [span.from, -1]) {
      const position: Condition = [`(${columns.at}, ${columns.number}) > (?, ?)`, at, number]
      const { query, values } = find(flow, { ...span, from: at }, version, position)
      const rows = query.all(...values, limit)
      const last = rows.at(-1)
      return { items: rows.map(fromRow), ...(last && rows.length === limit && { next: [atOf(last), last.number] }) }
    },
    hours: () => allHours.all(),
  }
}
