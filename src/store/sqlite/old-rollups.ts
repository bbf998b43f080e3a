// Rollups that have an age of their own, and leave by it.

import type { Database } from 'bun:sqlite'
import { DAY_MS, HOUR_MS } from '../../lib/units.ts'
import { checkRemovable, type Frozen, oldRollupsOf, ROLLUPS_REMOVED, rollupsBeforeIn } from '../frozen.ts'
import type { StoreCalls } from '../store.ts'
import type { createDocuments } from './documents.ts'
import { EVENT_TABLES, SESSION_TABLES } from './rollup-tables.ts'

type Deps = { readonly documents: ReturnType<typeof createDocuments>; readonly frozen: () => Frozen }

type Calls = StoreCalls<'rollupsBefore' | 'oldRollups' | 'removeRollups'>

export function createOldRollups(db: Database, { documents, frozen }: Deps): Calls {
  const oldHours = db.prepare<{ hours: number; first: number; last: number }, [number, number]>(
    `SELECT count(*) AS hours, min(hour) AS first, max(hour) AS last FROM (
       SELECT hour FROM ${SESSION_TABLES.hours} WHERE hour < ? UNION SELECT hour FROM ${EVENT_TABLES.hours} WHERE hour < ?)`,
  )
  const removals = [SESSION_TABLES, EVENT_TABLES].flatMap(({ hours, days, parts, staleDays }) => [
    removal(hours, 'hour', HOUR_MS),
    removal(days, 'day', DAY_MS),
    removal(parts, 'from_at', 1),
    forgetting(staleDays),
  ])

  function removal(table: string, column: string, unit: number) {
    const remove = db.prepare<unknown, [number, number]>(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${column} < ? LIMIT ?)`,
    )
    return (before: number, limit: number): number => remove.run(before / unit, limit).changes
  }

  /** Days that were still to be made. */
  function forgetting(table: string) {
    const forget = db.prepare<unknown, [number]>(`DELETE FROM ${table} WHERE day < ?`)
    return (before: number): number => forget.run(before / DAY_MS).changes
  }

  const rollupsBefore = () => rollupsBeforeIn(documents.getDocument(ROLLUPS_REMOVED.kind, ROLLUPS_REMOVED.key, 0))

  return {
    rollupsBefore,
    oldRollups(before) {
      const hour = Math.floor(before / HOUR_MS)
      const { hours, first, last } = oldHours.get(hour, hour) as { hours: number; first: number; last: number }
      return oldRollupsOf(hours, first, last)
    },
    removeRollups: db.transaction((before: number, limit: number): number => {
      checkRemovable(before, frozen())
      const removed = removals.reduce((sum, remove) => sum + remove(before, limit), 0)
      if (removed > 0 && before > rollupsBefore())
        documents.putDocument({ ...ROLLUPS_REMOVED, value: before }, { now: 0 })
      return removed
    }).immediate,
  }
}
