// The rollups of whole days, so that a question about months need not go through thousands of hours.

import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { createDaySchedule } from '../../rollup/day-schedule.ts'
import { decodeParts, encodeParts, type StoredPart, type StoredParts } from '../../rollup/encode-parts.ts'
import { type AggregatePart, EMPTY_PART, type RollupKind } from '../../rollup/kinds.ts'
import { type Hours, hoursOfDay, splitByDays } from '../../rollup/time.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import type { Tables } from './rollup-tables.ts'

export type HoursQuery = {
  readonly flow: number
  readonly version: number | undefined
  readonly parts: readonly AggregatePart[]
}

export type RollupDays<Sum> = {
  /** What the rollups of these hours say; from days where they hold, from hours elsewhere. */
  read(hours: Hours, query: HoursQuery): { readonly version: number; readonly sum: Sum }[]
  /** Makes days until the time is up, and one at least; true when more are to be made. The newest is not made. */
  fold(deadline: number, isBehind: boolean): boolean
  /** There is nothing to fold. */
  areMade(): boolean
  /** The rollup of this hour has changed. */
  changed(hour: number): void
  /** What was made may not have been written. */
  again(): void
}

type Parts<Item, Sum> = {
  readonly rolled: RollupKind<Item, Sum>
  readonly tables: Tables
  /** Milliseconds. */
  readonly stopwatch: () => number
}

type Stored = { readonly version: number } & StoredParts
type Day = { readonly flow: number; readonly version: number; readonly day: number; readonly basis: number }

const DAYS_AT_ONCE = 50
const DAY = 'CAST(floor(hour / 24.0) AS INTEGER)'

export function createRollupDays<Item, Sum>(
  db: Database,
  { rolled, tables, stopwatch }: Parts<Item, Sum>,
): RollupDays<Sum> {
  const [name] = rolled.parts
  const put = db.prepare<unknown, [number, number, number, number, ...StoredPart[]]>(
    `INSERT OR REPLACE INTO ${tables.days} (flow, day, version, basis, ${rolled.parts.join(', ')})
     VALUES (?, ?, ?, ?, ${rolled.parts.map(() => '?').join(', ')})`,
  )
  const unmade = db.prepare<Day, [number]>(unmadeDays(tables))
  const newest = db.prepare<Pick<Day, 'day'>, []>(newestDay(tables))
  const watch = createDaySchedule()

  const rows = (table: string, conditions: readonly Condition[], columns: readonly string[]) => {
    const { where, values } = whereAll(conditions)
    return db
      .query<Stored & { day: number; basis: number }, SQLQueryBindings[]>(
        `SELECT version, ${columns.join(', ')} FROM ${table} ${where}`,
      )
      .all(...values)
  }
  const hoursWithin = ({ first, end }: Hours, { flow, version, parts }: HoursQuery): Stored[] =>
    rows(tables.hours, [...within('hour', flow, version, first, end), [`${name} <> '${EMPTY_PART}'`]], parts)
  const daysWithin = (days: Hours, query: HoursQuery): Stored[] => {
    const { flow, version, parts } = query
    const { where, values } = whereAll(
      within('hour', flow, version, hoursOfDay(days.first).first, hoursOfDay(days.end).first),
    )
    const wanted = db.query<Day, SQLQueryBindings[]>(daysByHours(tables, where)).all(...values)
    const made = Map.groupBy(
      rows(tables.days, within('day', flow, version, days.first, days.end), [...parts, 'day', 'basis']),
      ({ version, day, basis }) => `${version} ${day} ${basis}`,
    )
    return wanted.flatMap(
      ({ version, day, basis }) =>
        made.get(`${version} ${day} ${basis}`) ?? hoursWithin(hoursOfDay(day), { ...query, version }),
    )
  }
  const sumFrom = (stored: Stored): Sum => rolled.decode(decodeParts(rolled, stored))

  const make = ({ flow, version, day, basis }: Day): void => {
    const hours = hoursWithin(hoursOfDay(day), { flow, version, parts: rolled.parts })
    put.run(flow, day, version, basis, ...Object.values(encodeParts(rolled, rolled.merge(hours.map(sumFrom)))))
  }

  return {
    read(hours, query) {
      const { days, hours: around } = splitByDays(hours)
      const found = [
        ...(days.first < days.end ? daysWithin(days, query) : []),
        ...around.flatMap((each) => hoursWithin(each, query)),
      ]
      return found
        .filter((stored) => stored[name] !== EMPTY_PART)
        .map((stored) => ({ version: stored.version, sum: sumFrom(stored) }))
    },

    fold(deadline, isBehind) {
      if (!watch.isDue(isBehind)) return false
      watch.newestIs(newest.get()?.day ?? Number.NEGATIVE_INFINITY)
      const days = unmade.all(DAYS_AT_ONCE)
      for (const [index, day] of days.entries()) {
        if (index > 0 && stopwatch() > deadline) {
          watch.again()
          return true
        }
        make(day)
      }
      if (days.length < DAYS_AT_ONCE) return false
      watch.again()
      return true
    },

    areMade: () => !watch.isWanted(),

    changed: watch.changed,
    again: watch.again,
  }
}

const newestDay = ({ hours }: Pick<Tables, 'hours'>): string =>
  `SELECT ${DAY} AS day FROM ${hours} ORDER BY hour DESC LIMIT 1`

/** The days, but for the newest, that are not what their hours are. Takes how many at the most. */
export const unmadeDays = ({ hours, days }: Tables): string =>
  `SELECT flow, version, ${DAY} AS day, sum(revision) AS basis FROM ${hours} AS hours
   WHERE hour < (${newestDay({ hours })}) * 24
   GROUP BY flow, version, day
   HAVING basis IS NOT (SELECT made.basis FROM ${days} AS made
                        WHERE (made.flow, made.day, made.version) = (hours.flow, ${DAY}, hours.version))
   LIMIT ?`

/** What days there are by these hours of a flow, and the basis that each would have. */
export const daysByHours = ({ hours }: Tables, where: string): string =>
  `SELECT version, ${DAY} AS day, sum(revision) AS basis FROM ${hours} ${where} GROUP BY version, day`

/** From `first` up to, but without, `end`. */
const within = (
  column: 'hour' | 'day',
  flow: number,
  version: number | undefined,
  first: number,
  end: number,
): Condition[] => [
  ['flow = ?', flow],
  [`${column} >= ?`, first],
  [`${column} < ?`, end],
  ...given(version, (version): Condition => ['version = ?', version]),
]
