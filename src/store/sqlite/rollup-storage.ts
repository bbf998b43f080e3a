// Rollups of one kind in SQLite. Each write and each answer is one transaction; none is held while the caller works.

import type { Database, SQLQueryBindings } from 'bun:sqlite'
import { HOUR_MS } from '../../lib/units.ts'
import type { StoredPart, StoredParts } from '../../rollup/encode-parts.ts'
import { EMPTY_PART, type RollupKind } from '../../rollup/kinds.ts'
import type { HourCommit, LabelledHours, ReadQuery, RollupStorage, Sink, StaleDay } from '../../rollup/storage.ts'
import {
  dayOfHour,
  type FlowHour,
  firstMinutes,
  type Hours,
  hoursOfDay,
  oneHour,
  type Span,
  withoutGaps,
} from '../../rollup/time.ts'
import { isFrozenHour, splitAll } from '../frozen.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import type { RollupTables } from './rollup-tables.ts'
import type { StaleMinutes } from './stale-minutes.ts'
import type { StringDictionary } from './string-dictionary.ts'

/** Where the items are. */
export type ItemSource<Item> = {
  /** The first `limit` items, or all, of a flow, and of a version if it is named, in order of time. Read while they are asked for. */
  between(flow: number, span: Span, version: number | undefined, limit?: number): Iterable<Item>
  /** All hours with items. */
  hours(): FlowHour<number>[]
  /** Those that have not completed, of a flow. */
  uncompleted?(flow: string, seen: NonNullable<ReadQuery['uncompleted']>): Iterable<Item>
}

type Deps<Item> = {
  readonly kind: Pick<RollupKind<Item, unknown>, 'parts' | 'at'>
  readonly tables: RollupTables
  readonly source: ItemSource<Item>
  readonly staleMinutes: StaleMinutes
  readonly words: StringDictionary
  /** The instant before which hours of this kind are frozen. */
  readonly frozenBefore: () => number
}

const ITEMS_PER_PAGE = 1_000
const NO_PART = new Uint8Array()
const DAY = 'CAST(floor(hour / 24.0) AS INTEGER)'

export function createRollupStorage<Item>(
  db: Database,
  { kind, tables, source, staleMinutes, words, frozenBefore }: Deps<Item>,
): RollupStorage<Item> {
  const [firstPart, ...otherParts] = kind.parts
  const partColumns = kind.parts.join(', ')
  const partValues = kind.parts.map(() => '?').join(', ')
  const empty: StoredParts = {
    [firstPart]: EMPTY_PART,
    ...Object.fromEntries(otherParts.map((part) => [part, NO_PART])),
  }

  const revision = db.prepare<{ revision: number }, [number, number, number]>(
    `SELECT revision FROM ${tables.hours} WHERE flow = ? AND hour = ? AND version = ?`,
  )
  const insertHour = db.prepare<unknown, [number, number, number, ...StoredPart[]]>(
    `INSERT INTO ${tables.hours} (flow, hour, version, revision, ${partColumns}) VALUES (?, ?, ?, 1, ${partValues})
     ON CONFLICT DO NOTHING`,
  )
  const updateHour = db.prepare<unknown, [...StoredPart[], number, number, number, number]>(
    `UPDATE ${tables.hours} SET revision = revision + 1, ${kind.parts.map((part) => `${part} = ?`).join(', ')}
     WHERE flow = ? AND hour = ? AND version = ? AND revision = ?`,
  )
  const raiseRevision = db.prepare<unknown, [number, number, number, ...StoredPart[]]>(
    `INSERT INTO ${tables.hours} (flow, hour, version, revision, ${partColumns}) VALUES (?, ?, ?, 1, ${partValues})
     ON CONFLICT DO UPDATE SET revision = revision + 1`,
  )
  const markDay = db.prepare<unknown, [number, number, number]>(
    `INSERT INTO ${tables.staleDays} (flow, version, day, changes) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET changes = changes + 1`,
  )
  const clearDay = db.prepare<unknown, [number, number, number, number]>(
    `DELETE FROM ${tables.staleDays} WHERE flow = ? AND version = ? AND day = ? AND changes = ?`,
  )
  // The newest day of all is always among them, as it is never written.
  const staleDays = db.prepare<{ flow: number; version: number; day: number; mark: number }, [number]>(
    `SELECT flow, version, day, changes AS mark FROM ${tables.staleDays}
     WHERE day < (SELECT max(day) FROM ${tables.staleDays}) LIMIT ?`,
  )
  const putDay = db.prepare<unknown, [number, number, number, ...StoredPart[]]>(
    `INSERT OR REPLACE INTO ${tables.days} (flow, day, version, ${partColumns}) VALUES (?, ?, ?, ${partValues})`,
  )
  const hoursOfDayOf = db.prepare<StoredParts, [number, number, number, number]>(
    `SELECT ${partColumns} FROM ${tables.hours}
     WHERE flow = ? AND version = ? AND hour >= ? AND hour < ? AND ${firstPart} <> '${EMPTY_PART}'`,
  )
  const putPart = db.prepare<unknown, [number, number, number, number, ...StoredPart[]]>(
    `INSERT OR REPLACE INTO ${tables.parts} (flow, from_at, version, until_at, ${partColumns}) VALUES (?, ?, ?, ?, ${partValues})`,
  )
  const hoursAmong = db.prepare<FlowHour<number>, [number, number]>(
    `SELECT flow, version, hour FROM ${tables.hours} WHERE hour >= ? AND hour < ?`,
  )
  const storedHours = db.prepare<FlowHour<number>, []>(`SELECT flow, version, hour FROM ${tables.hours}`)

  const idsOf = <Named extends { readonly flow: string; readonly version: string }>(named: Named) => ({
    ...named,
    flow: words.find(named.flow) ?? 0,
    version: words.find(named.version) ?? 0,
  })
  const namesOf = <Named extends { readonly flow: number; readonly version: number }>(ids: Named) => ({
    ...ids,
    flow: words.wordOf(ids.flow),
    version: words.wordOf(ids.version),
  })
  const partsOf = (parts: StoredParts): StoredPart[] => kind.parts.map((part) => parts[part] ?? NO_PART)

  const commitHour = (commit: HourCommit, frozen: number): boolean => {
    const { flow, version } = idsOf(commit)
    const { hour, parts, marks } = commit
    if (isFrozenHour(hour, frozen)) {
      staleMinutes.clear({ flow, version, hour }, marks)
      return false
    }
    const { changes } =
      commit.revision === 1
        ? insertHour.run(flow, hour, version, ...partsOf(parts))
        : updateHour.run(...partsOf(parts), flow, hour, version, commit.revision - 1)
    if (changes === 0) return false
    markDay.run(flow, version, dayOfHour(hour))
    staleMinutes.clear({ flow, version, hour }, marks)
    return true
  }
  const commitHours = db.transaction((commits: readonly HourCommit[]) => {
    const frozen = frozenBefore()
    return commits.map((commit) => commitHour(commit, frozen))
  })

  const commitDay = db.transaction((day: StaleDay, parts: StoredParts) => {
    const { flow, version } = idsOf(day)
    if (clearDay.run(flow, version, day.day, day.mark).changes === 0) return
    putDay.run(flow, day.day, version, ...partsOf(parts))
  })

  const invalidate = db.transaction((hours: readonly FlowHour<number>[]) => {
    for (const { flow, version, hour } of hours) raiseRevision.run(flow, hour, version, ...partsOf(empty))
    for (const minute of firstMinutes(hours)) staleMinutes.mark(minute)
  })

  /** `revision`: of an hour. */
  type Row = StoredParts & { readonly version: number; readonly at: number; readonly revision?: number }
  /** `of`: the flow, and the version if it is named. */
  const rows = (
    table: string,
    column: 'hour' | 'day',
    { first, end }: Hours,
    of: readonly Condition[],
    parts: ReadQuery['parts'],
    which?: string,
  ) => {
    const { where, values } = whereAll([...of, [`${column} >= ?`, first], [`${column} < ?`, end]])
    // The rows are long: which of them count is found in the index alone.
    const chosen =
      which === undefined ? where : `WHERE rowid IN (SELECT rowid FROM ${table} AS found ${where} AND ${which})`
    const columns = ['version', `${column} AS at`, ...(column === 'hour' ? ['revision'] : []), ...parts]
    const sql = `SELECT ${columns.join(', ')} FROM ${table} ${chosen} AND ${firstPart} <> '${EMPTY_PART}'`
    // One by one: those of a year can be tens of megabytes.
    return db.query<Row, SQLQueryBindings[]>(sql).iterate(...values)
  }
  /** What is kept of a span in frozen hours. */
  const keptRows = ({ from, until }: Span, of: readonly Condition[], parts: ReadQuery['parts']) => {
    const { where, values } = whereAll([...of, ['from_at >= ?', from], ['from_at < ?', until]])
    const sql = `SELECT version, from_at AS at, ${parts.join(', ')} FROM ${tables.parts} ${where} AND ${firstPart} <> '${EMPTY_PART}'`
    const hours = { first: Math.ceil(from / HOUR_MS), end: Math.ceil(until / HOUR_MS) }
    return [
      ...db.query<Row, SQLQueryBindings[]>(sql).all(...values),
      ...rows(tables.hours, 'hour', hours, of, parts, `NOT ${hasParts}`),
    ]
  }
  const hasParts = `EXISTS (SELECT 1 FROM ${tables.parts} AS part WHERE part.flow = found.flow AND part.version = found.version
                            AND part.from_at >= found.hour * ${HOUR_MS} AND part.from_at < (found.hour + 1) * ${HOUR_MS})`
  const isDayStale = (day: string) =>
    `EXISTS (SELECT 1 FROM ${tables.staleDays} AS stale WHERE (stale.flow, stale.version, stale.day) = (found.flow, found.version, ${day}))`
  const isDayFresh = `EXISTS (SELECT 1 FROM ${tables.days} AS made
                              WHERE (made.flow, made.day, made.version) = (found.flow, ${DAY}, found.version)) AND NOT ${isDayStale(DAY)}`

  /** Whose rollups a question is about; undefined if nothing here has this flow, or this version. */
  const findNamed = (named: Pick<ReadQuery, 'flow' | 'version'>) => {
    const flow = words.find(named.flow)
    const version = named.version === undefined ? undefined : words.find(named.version)
    if (flow === undefined || (named.version !== undefined && version === undefined)) return undefined
    const of: Condition[] = [['flow = ?', flow], ...given(version, (version): Condition => ['version = ?', version])]
    return { flow, version, of }
  }

  const read = db.transaction((query: ReadQuery, sink: Sink<Item>) => {
    const named = findNamed(query)
    if (!named) return
    const { flow, version, of } = named
    const tell = (found: Iterable<Row>, labelOf: (at: number) => string, hoursOf?: (at: number) => Hours) => {
      for (const row of found) {
        const { version, at, revision } = row
        sink.stored({
          label: labelOf(at),
          version: words.wordOf(version),
          parts: row,
          ...(hoursOf && { hours: hoursOf(at) }),
          ...(revision !== undefined && { id: `${flow} ${version} ${at} ${revision}` }),
        })
      }
    }
    for (const { labelOf, ...days } of labelledRuns(query.days)) {
      tell(rows(tables.days, 'day', days, of, query.parts, `NOT ${isDayStale('found.day')}`), labelOf, hoursOfDay)
      const hours = { first: hoursOfDay(days.first).first, end: hoursOfDay(days.end).first }
      const stale = rows(tables.hours, 'hour', hours, of, query.parts, `NOT (${isDayFresh})`)
      tell(stale, (hour) => labelOf(dayOfHour(hour)), oneHour)
    }
    for (const { labelOf, ...hours } of labelledRuns(query.hours))
      tell(rows(tables.hours, 'hour', hours, of, query.parts), labelOf, oneHour)
    const { kept, left } = splitAll(query.rest, frozenBefore())
    for (const { label, ...span } of kept) tell(keptRows(span, of, query.parts), () => label)
    for (const { label, ...span } of left) sink.items(label, source.between(flow, span, version))
    if (query.uncompleted) sink.uncompleted(source.uncompleted?.(query.flow, query.uncompleted) ?? [])
  })

  /** Revisions only grow, and an hour that is removed for its age never comes again: no sum of them comes twice. */
  const stampOf = (query: Pick<ReadQuery, 'flow' | 'version'>, { first, end }: Hours): string => {
    const named = findNamed(query)
    if (!named) return ''
    const { where, values } = whereAll([...named.of, ['hour >= ?', first], ['hour < ?', end]])
    const sql = `SELECT count(*) AS hours, total(revision) AS revisions FROM ${tables.hours} ${where}`
    const { hours, revisions } =
      db.query<{ hours: number; revisions: number }, SQLQueryBindings[]>(sql).get(...values) ?? {}
    return `${hours} ${revisions}`
  }

  return {
    async *items(hour, { from, until }) {
      const { flow, version } = idsOf(hour)
      for (let start = from; start < until; ) {
        const found = [...source.between(flow, { from: start, until }, version, ITEMS_PER_PAGE)]
        if (found.length < ITEMS_PER_PAGE) return yield found
        // The page may end in the middle of an instant, which the next one reads as a whole.
        const last = kind.at(found.at(-1) as Item)
        const whole = found.filter((item) => kind.at(item) < last)
        if (whole.length > 0) yield whole
        else yield [...source.between(flow, { from: last, until: last + 1 }, version)]
        start = whole.length > 0 ? last : last + 1
      }
    },

    async staleHours(limit, within) {
      const flow = within && words.find(within.flow)
      if (within && flow === undefined) return []
      return staleMinutes.hours(limit, within && { ...within, flow: flow as number }).map((hour) => ({
        ...namesOf(hour),
        revision: revision.get(hour.flow, hour.hour, hour.version)?.revision ?? 0,
        marks: staleMinutes.marksOf(hour),
      }))
    },

    commitHours: async (hours) => commitHours.immediate(hours),
    read: async (query, sink) => read(query, sink),
    stampOf: async (of, among) => stampOf(of, among),
    staleDays: async (limit) => staleDays.all(limit).map(namesOf),

    async keepPart({ from, until, parts, ...named }) {
      const { flow, version } = idsOf(named)
      putPart.run(flow, from, version, until, ...partsOf(parts))
    },

    storedHours: async ({ first, end }) => hoursAmong.all(first, end).map(namesOf),

    async hoursOf(day) {
      const { flow, version } = idsOf(day)
      const { first, end } = hoursOfDay(day.day)
      return hoursOfDayOf.all(flow, version, first, end)
    },

    commitDay: async (day, parts) => commitDay.immediate(day, parts),

    async *allHours() {
      const keyOf = ({ flow, version, hour }: FlowHour<number>) => `${flow} ${version} ${hour}`
      const frozen = frozenBefore()
      const hours = [...source.hours(), ...storedHours.all()].filter(({ hour }) => !isFrozenHour(hour, frozen))
      yield* new Map(hours.map((each) => [keyOf(each), namesOf(each)])).values()
    },

    invalidate: async (hours) => invalidate.immediate(hours.map(idsOf)),
  }
}

/**
 * Hours, or days, that follow one another, as one: a month has hundreds of hours, and a question to the database takes longer than some
 * rows. `labelOf`: the label of each of them.
 */
const labelledRuns = (all: readonly LabelledHours[]): (Hours & { labelOf(at: number): string })[] =>
  withoutGaps(all, (next, last) => next.first === last.end).map((run) => {
    const labels = new Map<number, string>()
    for (const { label, first, end } of run) for (let at = first; at < end; at++) labels.set(at, label)
    const [{ first }, { end }] = [run[0], run.at(-1)] as [LabelledHours, LabelledHours]
    return { first, end, labelOf: (at) => labels.get(at) as string }
  })
