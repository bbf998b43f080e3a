// Which rollups are behind their items: noted along with each that changes, in the same transaction.

import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { type FlowMinute, firstMinuteOf, hourOfMinute } from '../../rollup/time.ts'
import type { Tables } from './rollup-tables.ts'

export type StaleMinutes = {
  /** Something of that minute has come, gone or changed. */
  note(minute: FlowMinute<number>): void
  /** Some minute that is behind; over time each gets its turn. `within`: of one flow, from a minute on and before another. */
  next(within?: MinuteRange): FlowMinute<number> | undefined
  isNone(): boolean
  /** The minutes of the hour that are behind, and how often they have changed. */
  minutesOf(flow: number, version: number, hour: number): Map<number, number>
  /** These minutes are no longer behind, unless they have changed more often by now. */
  clear(flow: number, version: number, seen: ReadonlyMap<number, number>): void
}

export type MinuteRange = { readonly flow: number; readonly from: number; readonly until: number }

export function createStaleMinutes(db: Database, { behind }: Pick<Tables, 'behind'>): StaleMinutes {
  const note = db.prepare<unknown, [number, number, number]>(
    `INSERT INTO ${behind} (flow, version, minute, changes) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET changes = changes + 1`,
  )
  const after = db.prepare<FlowMinute<number>, [number, number, number]>(
    `SELECT flow, version, minute FROM ${behind} WHERE (flow, version, minute) > (?, ?, ?)
     ORDER BY flow, version, minute LIMIT 1`,
  )
  const within = db.prepare<FlowMinute<number>, [number, number, number]>(
    `SELECT flow, version, minute FROM ${behind} WHERE flow = ? AND minute >= ? AND minute < ? LIMIT 1`,
  )
  const any = db.prepare<unknown, []>(`SELECT 1 FROM ${behind} LIMIT 1`)
  const ofHour = db.prepare<{ minute: number; changes: number }, SQLQueryBindings[]>(
    `SELECT minute, changes FROM ${behind} WHERE flow = ? AND version = ? AND minute >= ? AND minute < ?`,
  )
  const clear = db.prepare<unknown, [number, number, number, number]>(
    `DELETE FROM ${behind} WHERE flow = ? AND version = ? AND minute = ? AND changes = ?`,
  )
  let last: FlowMinute<number> = FIRST

  return {
    note: ({ flow, version, minute }) => void note.run(flow, version, minute),

    next(asked) {
      if (asked) return within.get(asked.flow, asked.from, asked.until) ?? undefined
      const next = after.get(last.flow, last.version, last.minute) ?? after.get(FIRST.flow, FIRST.version, FIRST.minute)
      if (next) last = { ...next, minute: lastOfHour(next.minute) }
      return next ?? undefined
    },

    isNone: () => any.get() === null,

    minutesOf(flow, version, hour) {
      const rows = ofHour.all(flow, version, firstMinuteOf(hour), firstMinuteOf(hour + 1))
      return new Map(rows.map(({ minute, changes }) => [minute, changes]))
    },

    clear(flow, version, seen) {
      for (const [minute, changes] of seen) if (changes > 0) clear.run(flow, version, minute, changes)
    },
  }
}

const FIRST: FlowMinute<number> = { flow: 0, version: 0, minute: 0 }

/** The whole hour is brought up to date at once. */
const lastOfHour = (minute: number): number => firstMinuteOf(hourOfMinute(minute) + 1) - 1
