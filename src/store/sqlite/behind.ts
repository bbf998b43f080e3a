// Which rollups are behind their sessions: noted along with each session that changes, in the same transaction.

import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { HOUR_MS, MINUTE_MS, minuteOf } from '../../insight/rollup.ts'

export type Minute = { readonly flow: number; readonly version: number; readonly minute: number }

export type Behind = {
  /** A session that began then has come, gone or changed. */
  note(flow: number, version: number, startedAt: number): void
  /** All hours that have sessions have changed. */
  noteAll(): void
  /** Some minute that is behind; over time each gets its turn. `within`: of one flow, from a minute on and before another. */
  next(within?: { readonly flow: number; readonly from: number; readonly until: number }): Minute | undefined
  /** The minutes of the hour that are behind, and how often they have changed. */
  minutesOf(flow: number, version: number, hour: number): Map<number, number>
  /** These minutes are no longer behind, unless they have changed more often by now. */
  clear(flow: number, version: number, seen: ReadonlyMap<number, number>): void
}

export function createBehind(db: Database): Behind {
  const note = db.prepare<unknown, [number, number, number]>(
    `INSERT INTO rollups_behind (flow, version, minute, changes) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET changes = changes + 1`,
  )
  const noteAll = db.prepare(
    `INSERT INTO rollups_behind (flow, version, minute, changes)
     SELECT flow, version, CAST(floor(started_at / ${HOUR_MS}.0) AS INTEGER) * ${MINUTES}, 1 FROM sessions GROUP BY 1, 2, 3
     ON CONFLICT DO UPDATE SET changes = changes + 1`,
  )
  const after = db.prepare<Minute, [number, number, number]>(
    `SELECT flow, version, minute FROM rollups_behind WHERE (flow, version, minute) > (?, ?, ?)
     ORDER BY flow, version, minute LIMIT 1`,
  )
  const within = db.prepare<Minute, [number, number, number]>(
    'SELECT flow, version, minute FROM rollups_behind WHERE flow = ? AND minute >= ? AND minute < ? LIMIT 1',
  )
  const ofHour = db.prepare<{ minute: number; changes: number }, SQLQueryBindings[]>(
    'SELECT minute, changes FROM rollups_behind WHERE flow = ? AND version = ? AND minute >= ? AND minute < ?',
  )
  const clear = db.prepare<unknown, [number, number, number, number]>(
    'DELETE FROM rollups_behind WHERE flow = ? AND version = ? AND minute = ? AND changes = ?',
  )
  let last: Minute = FIRST

  return {
    note: (flow, version, startedAt) => void note.run(flow, version, minuteOf(startedAt)),

    noteAll: () => void noteAll.run(),

    next(asked) {
      if (asked) return within.get(asked.flow, asked.from, asked.until) ?? undefined
      const next = after.get(last.flow, last.version, last.minute) ?? after.get(FIRST.flow, FIRST.version, FIRST.minute)
      if (next) last = { ...next, minute: endOfHour(next.minute) }
      return next ?? undefined
    },

    minutesOf(flow, version, hour) {
      const rows = ofHour.all(flow, version, hour * MINUTES, (hour + 1) * MINUTES)
      return new Map(rows.map(({ minute, changes }) => [minute, changes]))
    },

    clear(flow, version, seen) {
      for (const [minute, changes] of seen) if (changes > 0) clear.run(flow, version, minute, changes)
    },
  }
}

const MINUTES = HOUR_MS / MINUTE_MS
const FIRST: Minute = { flow: 0, version: 0, minute: 0 }

/** The whole hour is brought up to date at once. */
const endOfHour = (minute: number): number => (Math.floor(minute / MINUTES) + 1) * MINUTES - 1
