// The minutes whose items have changed since their hour was computed. Marked in the transaction that changes the items.

import type { Database } from 'bun:sqlite'
import type { Marks } from '../../rollup/storage.ts'
import { type FlowHour, type FlowMinute, firstMinuteOf, hourOfMinute } from '../../rollup/time.ts'
import type { RollupTables } from './rollup-tables.ts'

export type StaleMinutes = ReturnType<typeof createStaleMinutes>

/** From `from` on and before `until`. */
export type MinuteRange = { readonly flow: number; readonly from: number; readonly until: number }

type Position = FlowMinute<number>

export function createStaleMinutes(db: Database, { staleMinutes: table }: Pick<RollupTables, 'staleMinutes'>) {
  const mark = db.prepare<unknown, [number, number, number]>(
    `INSERT INTO ${table} (flow, version, minute, changes) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET changes = changes + 1`,
  )
  const after = db.prepare<Position, [number, number, number]>(
    `SELECT flow, version, minute FROM ${table} WHERE (flow, version, minute) > (?, ?, ?)
     ORDER BY flow, version, minute LIMIT 1`,
  )
  const afterWithin = db.prepare<Position, [number, number, number, number, number]>(
    `SELECT flow, version, minute FROM ${table} WHERE flow = ? AND (version, minute) > (?, ?) AND minute >= ? AND minute < ?
     ORDER BY version, minute LIMIT 1`,
  )
  const ofHour = db.prepare<{ minute: number; changes: number }, [number, number, number, number]>(
    `SELECT minute, changes FROM ${table} WHERE flow = ? AND version = ? AND minute >= ? AND minute < ?`,
  )
  const clear = db.prepare<unknown, [number, number, number, number]>(
    `DELETE FROM ${table} WHERE flow = ? AND version = ? AND minute = ? AND changes = ?`,
  )
  const before = db.prepare<unknown, [number]>(`SELECT 1 FROM ${table} WHERE minute < ? LIMIT 1`)
  let last: Position = FIRST

  const walk = (start: Position, limit: number, next: (position: Position) => Position | null): FlowHour<number>[] => {
    const hours: FlowHour<number>[] = []
    for (let position = start; hours.length < limit; ) {
      const found = next(position)
      if (!found) break
      const { flow, version } = found
      const hour = hourOfMinute(found.minute)
      hours.push({ flow, version, hour })
      position = { flow, version, minute: firstMinuteOf(hour + 1) - 1 }
    }
    return hours
  }
  const next = ({ flow, version, minute }: Position) => after.get(flow, version, minute)

  return {
    mark: ({ flow, version, minute }: FlowMinute<number>) => void mark.run(flow, version, minute),

    /** Hours with stale minutes, `limit` at most. Without `within`, each gets its turn over several calls. */
    hours(limit: number, within?: MinuteRange) {
      if (within) {
        const { flow, from, until } = within
        return walk({ ...FIRST, flow }, limit, ({ version, minute }) =>
          afterWithin.get(flow, version, minute, from, until),
        )
      }
      const hours = walk(last, limit, next)
      const found = hours.length > 0 || last === FIRST ? hours : walk(FIRST, limit, next)
      const newest = found.at(-1)
      last = newest ? { ...newest, minute: firstMinuteOf(newest.hour + 1) - 1 } : FIRST
      return found
    },

    hasBefore: (minute: number): boolean => before.get(minute) !== null,

    marksOf({ flow, version, hour }: FlowHour<number>): Marks {
      const rows = ofHour.all(flow, version, firstMinuteOf(hour), firstMinuteOf(hour + 1))
      return new Map(rows.map(({ minute, changes }) => [minute, String(changes)]))
    },

    /** Clears marks that have not changed. */
    clear({ flow, version }: FlowHour<number>, marks: Marks) {
      for (const [minute, changes] of marks) clear.run(flow, version, minute, Number(changes))
    },
  }
}

const FIRST: Position = { flow: 0, version: 0, minute: 0 }
