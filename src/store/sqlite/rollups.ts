// What the items of each hour add up to, and what questions are answered from that.

import type { Database } from 'bun:sqlite'
import { type Condense, type LabelledSum, type RollupQuery, rangeOf, startAnswer } from '../../rollup/answer.ts'
import { encodeParts, type StoredPart } from '../../rollup/encode-parts.ts'
import { createHourCache } from '../../rollup/hour-cache.ts'
import type { RollupKind } from '../../rollup/kinds.ts'
import { byMinute, startPartialHour } from '../../rollup/partial-hour.ts'
import {
  coverOf,
  type FlowHour,
  firstMinutes,
  hourOfMinute,
  MINUTE_MS,
  minuteOf,
  runsOf,
  type Span,
} from '../../rollup/time.ts'
import { createRollupDays } from './rollup-days.ts'
import type { Tables } from './rollup-tables.ts'
import type { MinuteRange, StaleMinutes } from './stale-minutes.ts'
import type { StringDictionary } from './string-dictionary.ts'

export type Rollups<Sum> = {
  /** Works for some milliseconds; true when some are behind even then. */
  refresh(): boolean
  anew(): void
  /** Brings up to date what the question is about, as far as time allows. */
  prepare(query: RollupQuery): void
  /** Only reads: for an answer that is of one moment, within a transaction. */
  sums(query: RollupQuery, condense?: Condense<Sum>): LabelledSum<Sum>[]
}

/** Where the items are. */
export type Source<Item> = {
  /** Of one flow, and of one version if it is named; in the order of time. Read as they are asked for. */
  between(flow: number, span: Span & { readonly version: number | undefined }): Iterable<Item>
  /** All that have any. */
  hours(): FlowHour<number>[]
}

type Parts<Item, Sum> = {
  readonly rolled: RollupKind<Item, Sum>
  readonly tables: Tables
  readonly source: Source<Item>
  readonly words: StringDictionary
  readonly behind: StaleMinutes
  /** Milliseconds. */
  readonly stopwatch: () => number
}

/** One call of `refresh` takes about this long, milliseconds, for each kind: others wait for the thread meanwhile. */
const TURN_MS = 20
/** A question waits for so many hours that are behind, and for more only as long as this, milliseconds. */
const CATCH_UP_HOURS = 8
const CATCH_UP_MS = 150
const HOURS_OUTDATED_AT_ONCE = 500

export function createRollups<Item extends { readonly version: string }, Sum>(
  db: Database,
  { rolled, tables, source, words, behind, stopwatch }: Parts<Item, Sum>,
): Rollups<Sum> {
  const { parts } = rolled
  const inserting = `INSERT INTO ${tables.hours} (flow, hour, version, ${parts.join(', ')}, revision)
                     VALUES (?, ?, ?, ${parts.map(() => '?').join(', ')}, 1)`
  const put = db.prepare<unknown, [number, number, number, ...StoredPart[]]>(
    `${inserting}
     ON CONFLICT DO UPDATE
     SET revision = revision + 1, ${parts.map((part) => `${part} = excluded.${part}`).join(', ')}`,
  )
  const days = createRollupDays(db, { rolled, tables, stopwatch })
  const stored = db.prepare<{ revision: number }, [number, number, number]>(
    `SELECT revision FROM ${tables.hours} WHERE flow = ? AND hour = ? AND version = ?`,
  )
  const raise = db.prepare<unknown, [number, number, number, ...StoredPart[]]>(
    `${inserting} ON CONFLICT DO UPDATE SET revision = revision + 1`,
  )
  const storedHours = db.prepare<FlowHour<number>, []>(`SELECT flow, version, hour FROM ${tables.hours}`)
  const remembered = createHourCache<Item, Sum>()
  let brokenOff: FlowHour<number> | undefined

  /** Breaks off when the time is up, and returns false; what was done by then is remembered. */
  const bringUpToDate = ({ flow, version, hour }: FlowHour<number>, deadline: number): boolean => {
    const changes = behind.minutesOf(flow, version, hour)
    if (changes.size === 0) return true
    const key = keyOf({ flow, version, hour })
    const { revision } = stored.get(flow, hour, version) ?? { revision: 0 }
    const known = remembered.get(key)
    const partial = known?.revision === revision ? known.partial : startPartialHour(rolled, hour)
    remembered.set(key, { partial, revision })
    for (const run of runsOf(partial.waiting(changes))) {
      const found = source.between(flow, { from: run.from * MINUTE_MS, until: run.until * MINUTE_MS, version })
      for (const [minute, some] of byMinute(rolled, found, run.from, run.until)) {
        partial.set(minute, some, changes.get(minute) ?? 0)
        if (partial.isLarge() && !partial.isThrough() && stopwatch() > deadline) return false
      }
    }
    put.run(flow, hour, version, ...Object.values(encodeParts(rolled, partial.sum())))
    days.changed(hour)
    behind.clear(flow, version, partial.seen())
    partial.settle()
    remembered.set(key, { partial, revision: revision + 1 })
    return true
  }

  /** An hour that was broken off comes first: what is remembered of it would be lost behind too many others. */
  const nextHour = (within?: MinuteRange): FlowHour<number> | undefined => {
    if (brokenOff && !within) return brokenOff
    const next = behind.next(within)
    return next && { flow: next.flow, version: next.version, hour: hourOfMinute(next.minute) }
  }

  /** False when the time was up first; `least` hours are worked at in any case. */
  const catchUp = (deadline: number, least: number, within?: MinuteRange): boolean => {
    for (let hours = 0; ; hours++) {
      const next = nextHour(within)
      if (!next) return true
      if (hours >= least && stopwatch() > deadline) return false
      const isDone = bringUpToDate(next, deadline)
      if (!within) brokenOff = isDone ? undefined : next
    }
  }

  /**
   * What is done in one go is written in one, as each writing waits for the disk. When it fails, nothing of it is written, and what
   * is remembered of it does not hold.
   */
  const atOnce = <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) => {
    const transaction = db.transaction(work)
    return (...args: Args): Result => {
      try {
        return transaction.immediate(...args)
      } catch (error) {
        remembered.clear()
        brokenOff = undefined
        days.again()
        throw error
      }
    }
  }
  const catchUpAtOnce = atOnce(catchUp)
  const turn = atOnce((): boolean => {
    const deadline = stopwatch() + TURN_MS
    const isBehind = !catchUp(deadline, 1)
    return days.fold(deadline, isBehind) || isBehind
  })

  /**
   * What anyone remembers of these hours, be it in another process, is of an earlier revision then: they are gone through anew. Also
   * of one that nobody has written yet; it is there then, and empty.
   */
  const outdate = db.transaction((hours: readonly FlowHour<number>[]) => {
    const nothing = Object.values(encodeParts(rolled, rolled.aggregate([])))
    for (const { flow, hour, version } of hours) raise.run(flow, hour, version, ...nothing)
    firstMinutes(hours).forEach(behind.note)
  })

  /** Those that have items, or a rollup of items that are gone. */
  const allHours = (): FlowHour<number>[] => [
    ...new Map([...source.hours(), ...storedHours.all()].map((each) => [keyOf(each), each])).values(),
  ]

  return {
    refresh: () => (behind.isNone() && days.areMade() ? false : turn()),

    anew() {
      // Found first, and not written in one: to go through all there is takes long, and others want to write meanwhile.
      const hours = allHours()
      for (let first = 0; first < hours.length; first += HOURS_OUTDATED_AT_ONCE)
        outdate.immediate(hours.slice(first, first + HOURS_OUTDATED_AT_ONCE))
    },

    prepare(query) {
      const flow = words.find(query.flow)
      const range = rangeOf(query)
      if (!range || flow === undefined) return
      const within = { flow, from: minuteOf(range.from), until: minuteOf(range.until) + 1 }
      try {
        if (behind.next(within)) catchUpAtOnce(stopwatch() + CATCH_UP_MS, CATCH_UP_HOURS, within)
      } catch {
        // As on a full disk. The answer tells what was there; the same fails `refresh`, too, which is where that is noticed.
      }
    },

    sums(query, condense = (sum) => sum) {
      const flow = words.find(query.flow)
      const version = query.version === undefined ? undefined : words.find(query.version)
      if (flow === undefined || (query.version !== undefined && version === undefined)) return []

      const answer = startAnswer(rolled, query.parts, condense)
      for (const { label, ...span } of query.spans) {
        const { first, end, rest } = coverOf(span)
        if (first < end)
          for (const { version: word, sum } of days.read({ first, end }, { flow, version, parts: query.parts }))
            answer.addSum(label, words.wordOf(word), sum)
        for (const each of rest) answer.addItems(label, source.between(flow, { ...each, version }))
      }
      return answer.end()
    },
  }
}

const keyOf = ({ flow, version, hour }: FlowHour<number>): string => `${flow} ${version} ${hour}`
