// The rollups of whole days, so that a question about months need not go through thousands of hours.

import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { fromParts, type Hours, hoursOfDay, splitByDays, toParts } from '../../insight/rollup.ts'
import { mergeTallies, type Tally } from '../../insight/tally.ts'
import type { TallyQuery } from '../store.ts'
import { type Condition, given, whereAll } from './conditions.ts'

export type RollupQuery = Pick<TallyQuery, 'detail'> & { readonly flow: number; readonly version: number | undefined }

export type RollupDays = {
  /** What the rollups of these hours say; from days where they hold, from hours elsewhere. */
  read(hours: Hours, query: RollupQuery): { readonly version: number; readonly tally: Tally }[]
  /** Makes days until the time is up; true when some are still to be made. The newest day is not: it changes all the time. */
  fold(deadline: number): boolean
  /** Hours have changed. */
  changed(): void
}

type Stored = { readonly version: number; readonly ways: string; readonly rest: string | null }
type Day = { readonly flow: number; readonly version: number; readonly day: number; readonly basis: number }

const DAYS_AT_ONCE = 50
const DAY = 'CAST(floor(hour / 24.0) AS INTEGER)'

export function createRollupDays(db: Database, stopwatch: () => number): RollupDays {
  const put = db.prepare<unknown, [number, number, number, number, string, string]>(
    'INSERT OR REPLACE INTO rollup_days (flow, day, version, basis, ways, rest) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const unmade = db.prepare<Day, [number]>(
    `SELECT flow, version, ${DAY} AS day, sum(revision) AS basis FROM rollups
     WHERE hour < (SELECT ${DAY} * 24 FROM rollups ORDER BY hour DESC LIMIT 1)
     GROUP BY flow, version, day
     HAVING basis IS NOT (SELECT made.basis FROM rollup_days AS made
                          WHERE (made.flow, made.day, made.version) = (rollups.flow, ${DAY}, rollups.version))
     LIMIT ?`,
  )
  let mayBeUnmade = true

  const rows = (table: string, conditions: readonly Condition[], detail: RollupQuery['detail'], more = '') => {
    const { where, values } = whereAll(conditions)
    return db
      .query<Stored & { day: number; basis: number }, SQLQueryBindings[]>(
        `SELECT version, ways, ${detail === 'all' ? 'rest' : 'NULL AS rest'}${more} FROM ${table} ${where}`,
      )
      .all(...values)
  }
  const hoursWithin = ({ first, end }: Hours, { flow, version, detail }: RollupQuery): Stored[] =>
    rows('rollups', [...withinHours(flow, version, first, end), [`ways <> '${NO_WAYS}'`]], detail)

  const make = db.transaction(({ flow, version, day, basis }: Day): void => {
    const hours = hoursWithin(hoursOfDay(day), { flow, version, detail: 'all' })
    const { ways, rest } = toParts(mergeTallies(hours.map(tallyFrom)))
    put.run(flow, day, version, basis, ways, rest)
  })

  return {
    read(hours, query) {
      const { flow, version, detail } = query
      const split = splitByDays(hours)
      const { first, end } = { first: hoursOfDay(split.days.first).first, end: hoursOfDay(split.days.end).first }
      const { where, values } = whereAll(withinHours(flow, version, first, end))
      const days = db
        .query<Day, SQLQueryBindings[]>(
          `SELECT version, ${DAY} AS day, sum(revision) AS basis FROM rollups ${where} GROUP BY version, day`,
        )
        .all(...values)
      const made = Map.groupBy(
        rows('rollup_days', withinDays(flow, version, split.days), detail, ', day, basis'),
        ({ version, day, basis }) => `${version} ${day} ${basis}`,
      )
      const found = days.flatMap(
        ({ version, day, basis }) =>
          made.get(`${version} ${day} ${basis}`) ?? hoursWithin(hoursOfDay(day), { ...query, version }),
      )
      const around = split.hours.flatMap((each) => hoursWithin(each, query))
      return [...found, ...around]
        .filter(({ ways }) => ways !== NO_WAYS)
        .map((stored) => ({ version: stored.version, tally: tallyFrom(stored) }))
    },

    fold(deadline) {
      if (!mayBeUnmade) return false
      const days = unmade.all(DAYS_AT_ONCE)
      for (const day of days) {
        if (stopwatch() > deadline) return true
        make.immediate(day)
      }
      mayBeUnmade = days.length === DAYS_AT_ONCE
      return mayBeUnmade
    },

    changed() {
      mayBeUnmade = true
    },
  }
}

/** Of an hour whose sessions have become others. */
export const NO_WAYS = '{}'

const tallyFrom = ({ ways, rest }: Stored): Tally => fromParts(ways, rest ?? undefined)

const withinHours = (flow: number, version: number | undefined, first: number, end: number): Condition[] => [
  ['flow = ?', flow],
  ['hour >= ?', first],
  ['hour < ?', end],
  ...given(version, (version): Condition => ['version = ?', version]),
]

const withinDays = (flow: number, version: number | undefined, { first, end }: Hours): Condition[] => [
  ['flow = ?', flow],
  ['day >= ?', first],
  ['day < ?', end],
  ...given(version, (version): Condition => ['version = ?', version]),
]
