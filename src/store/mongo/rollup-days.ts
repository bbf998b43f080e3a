// The rollups of whole days, so that a question about months need not go through thousands of hours. Whoever changes an hour says
// so in its day, before what it has noted about the hour is cleared: the day is to be made again then, and its hours answer.

import type { Model } from 'mongoose'
import type { Joined, Part, RollupQuery } from '../../rollup/answer.ts'
import { createDaySchedule } from '../../rollup/day-schedule.ts'
import { decodeParts, encodeParts, type StoredParts } from '../../rollup/encode-parts.ts'
import { EMPTY_PART, type RollupKind } from '../../rollup/kinds.ts'
import { dayOfHour, type FlowHour, type Hours, hoursOfDay, spanAt, splitByDays } from '../../rollup/time.ts'
import { upsertAll } from './bulk-write.ts'
import { byId } from './by-id.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import { rawOf } from './raw.ts'
import { readRuns } from './read-runs.ts'
import { type DayDocument, HOURS_INDEX, type RollupDocument, UNMADE_INDEX } from './rollup-document.ts'

export type Tell<Sum> = (label: string, version: string, sum: Sum) => void

export type RollupDays<Sum> = {
  /**
   * Tells, in any order, what the rollups of these spans of hours say; from days where they hold, from hours elsewhere. Spans are
   * many where somebody asks by hours, and each question goes over the network: those that touch are one, and a few are under way
   * at a time.
   */
  read(query: RollupQuery, spans: readonly Part[], tell: Tell<Sum>): Promise<void>
  /** Makes days until the time is up, and one at least; true when more are to be made. The newest is not made. */
  fold(deadline: number, isBehind: boolean): Promise<boolean>
  /** The rollups of these hours have changed: their days do not hold any more. */
  changed(hours: readonly FlowHour[]): Promise<void>
}

type Kind<Item, Sum> = {
  readonly rolled: RollupKind<Item, Sum>
  readonly hours: Model<RollupDocument>
  readonly days: Model<DayDocument>
  /** Milliseconds. */
  readonly stopwatch: () => number
  readonly pause: () => Promise<void>
}

type Stored = Pick<RollupDocument, 'version'> & StoredParts
type Day = Pick<DayDocument, 'flow' | 'version' | 'day'>

export function createRollupDays<Item, Sum>({
  rolled,
  hours,
  days,
  stopwatch,
  pause,
}: Kind<Item, Sum>): RollupDays<Sum> {
  const watch = createDaySchedule()
  let unmade: Day[] = []

  const sumFrom = (stored: Stored): Sum => rolled.decode(decodeParts(rolled, stored))
  const [name] = rolled.parts
  const columnsFor = ({ parts }: RollupQuery) => ({ version: 1, ...Object.fromEntries(parts.map((part) => [part, 1])) })

  /** What days there are by their hours. From the index alone. */
  const daysByHours = async (): Promise<Day[]> => {
    const day = { $floor: { $divide: ['$hour', 24] } }
    const found = await hours
      .aggregate<{ _id: Day }>([{ $group: { _id: { flow: '$flow', version: '$version', day } } }])
      .hint(HOURS_INDEX)
    return found.map(({ _id }) => _id)
  }

  /** From the index alone. */
  const daysThatAre = (isMade: readonly boolean[]) =>
    days
      .find({ isMade: { $in: isMade } }, { _id: 0, flow: 1, day: 1, version: 1 })
      .hint(UNMADE_INDEX)
      .lean<Day[]>()

  const unmake = async (some: readonly Day[]): Promise<void> => {
    const $unset = Object.fromEntries(rolled.parts.map((part) => [part, 1 as const]))
    const named = new Map(some.map(({ flow, version, day }) => [idOf({ flow, version, day }), { flow, version, day }]))
    const sorted = [...named].map(([id, day]) => ({ id, day })).sort(byId)
    const changes = sorted.map(({ id, day }) => {
      const update = { $set: { ...day, isMade: false }, $inc: { changes: 1 }, $unset }
      return { updateOne: { filter: { _id: id }, update, upsert: true } }
    })
    for (let first = 0; first < changes.length; first += UNMADE_AT_ONCE)
      await upsertAll(rawOf(days), changes.slice(first, first + UNMADE_AT_ONCE))
  }

  /** Days that somebody has thrown away, or that were written in an earlier form. */
  const unmakeMissing = async (): Promise<void> => {
    const [found, known] = await Promise.all([daysByHours(), daysThatAre([true, false])])
    const ids = new Set(known.map(idOf))
    await unmake(found.filter((day) => !ids.has(idOf(day))))
  }
  let noneMissing: Promise<void> | undefined
  /** Looked for once in the life of a process: those that it knows of do not go missing. */
  const afterMissing = (): Promise<void> => {
    noneMissing ??= unmakeMissing().catch((error: unknown) => {
      noneMissing = undefined
      throw error
    })
    return noneMissing
  }

  const findUnmade = async (): Promise<Day[]> => {
    await afterMissing()
    const found = await daysThatAre([false])
    // Of all days, the newest is among them.
    const newest = found.reduce((newest, { day }) => Math.max(newest, day), Number.NEGATIVE_INFINITY)
    watch.newestIs(newest)
    return found.filter(({ day }) => day < newest)
  }

  const make = async ({ flow, version, day }: Day): Promise<void> => {
    const _id = idOf({ flow, version, day })
    const unmade = await days.findOne({ _id, isMade: false }, { changes: 1 }).lean<Pick<DayDocument, 'changes'>>()
    // Another process has made it in the meantime.
    if (!unmade) return
    const { first, end } = hoursOfDay(day)
    const read = await hours.find({ flow, version, hour: { $gte: first, $lt: end } }).lean<RollupDocument[]>()
    // One that was written meanwhile has another place in the index then, and may come twice: last as it is now.
    const found = [...new Map(read.map((each) => [each._id, each])).values()]
    const sums: Sum[] = []
    for (const each of found.filter((each) => each[name] !== EMPTY_PART)) {
      sums.push(sumFrom(each))
      await pause()
    }
    const parts = encodeParts(rolled, rolled.merge(sums))
    // Unless one of the hours has changed since, be it that it was read after that.
    const { changes } = unmade
    const replacement = { flow, version, day, isMade: true, changes, ...parts }
    const { matchedCount } = await rawOf(days).replaceOne({ _id, changes }, replacement)
    if (matchedCount === 0) watch.again()
  }

  /**
   * Tells what the days say that are made, where `whole` are spans of days; resolves with those, and with spans of hours where
   * there are others.
   */
  const readDays = async (query: RollupQuery, whole: readonly Part[], tell: Tell<Sum>) => {
    const held = new Set<string>()
    const unheld = new Map<number, Part>()
    const read = async ({ from, until, parts }: Joined) => {
      const columns = { ...columnsFor(query), day: 1, isMade: 1 }
      const found = days.find(isOf(query, 'day', from, until), columns).lean<DayDocument[]>()
      for (const each of await found) {
        const part = spanAt(parts, each.day)
        if (each.isMade) {
          held.add(placeOf(each))
          if (each[name] !== EMPTY_PART) tellOf(each, part, tell)
        } else if (part) unheld.set(each.day, partOf(part.label, hoursOfDay(each.day)))
      }
    }
    await readRuns(whole, read)
    return { held, unheld: [...unheld.values()].sort(byTime) }
  }

  const readHours = async (
    query: RollupQuery,
    spans: readonly Part[],
    held: ReadonlySet<string>,
    tell: Tell<Sum>,
  ): Promise<void> => {
    const read = async ({ from, until, parts }: Joined) => {
      const isAsked = whereAll([isOf(query, 'hour', from, until), { [name]: { $ne: EMPTY_PART } }])
      const columns = { ...columnsFor(query), hour: 1 }
      const known = new Set<string>()
      for await (const each of hours.find(isAsked, columns).lean<RollupDocument>().cursor()) {
        // As in `make`, but the first will do.
        if (known.has(each._id)) continue
        known.add(each._id)
        if (!held.has(placeOf({ ...each, day: dayOfHour(each.hour) }))) tellOf(each, spanAt(parts, each.hour), tell)
      }
    }
    await readRuns(spans, read)
  }

  const tellOf = (stored: Stored, part: Part | undefined, tell: Tell<Sum>): void => {
    if (part) tell(part.label, stored.version, sumFrom(stored))
  }

  /** When the work fails, days are looked for again. */
  const orAgain = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      watch.again()
      throw error
    }
  }

  return {
    async read(query, spans, tell) {
      await afterMissing()
      const split = spans.map(({ label, from, until }) => ({ label, ...splitByDays({ first: from, end: until }) }))
      const whole = split.map(({ label, days }) => ({ label, from: days.first, until: days.end }))
      const edges = split.flatMap(({ label, hours }) => hours.map((each) => partOf(label, each)))
      const readWhole = async () => {
        const { held, unheld } = await readDays(query, whole, tell)
        await readHours(query, unheld, held, tell)
      }
      await Promise.all([readHours(query, edges, new Set(), tell), readWhole()])
    },

    async fold(deadline, isBehind) {
      if (unmade.length === 0 && watch.isDue(isBehind)) {
        unmade = await orAgain(findUnmade())
      }
      for (let made = 0; unmade.length > 0 && (made === 0 || stopwatch() <= deadline); made++) {
        const [next, ...others] = unmade as [Day, ...Day[]]
        // Off the list whatever comes of it: one that cannot be written is none that the others wait for.
        unmade = others
        await orAgain(make(next))
      }
      return unmade.length > 0 || watch.isWanted()
    },

    async changed(some) {
      await unmake(some.map(({ hour, ...named }) => ({ ...named, day: dayOfHour(hour) })))
      for (const { hour } of some) watch.changed(hour)
    },
  }
}

const UNMADE_AT_ONCE = 200

const idOf = ({ flow, version, day }: Day): string => JSON.stringify([flow, version, day])
/** Of one flow. */
const placeOf = ({ version, day }: Pick<Day, 'version' | 'day'>): string => JSON.stringify([version, day])

/** From `from` up to, but without, `until`. */
const isOf = ({ flow, version }: RollupQuery, field: 'hour' | 'day', from: number, until: number): Condition =>
  whereAll([{ flow, [field]: { $gte: from, $lt: until } }, ...given(version, (version) => ({ version }))])

const partOf = (label: string, { first, end }: Hours): Part => ({ label, from: first, until: end })

const byTime = (a: Part, b: Part): number => a.from - b.from
