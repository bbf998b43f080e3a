// Rollups of one kind in MongoDB. Any number of processes recompute at once, without transactions: an hour is replaced only if its
// revision is known. After an hour is written, its day is marked as stale, and only then the marks of the minutes are cleared.

import batch from 'it-batch'
import type { Model } from 'mongoose'
import { HOUR_MS } from '../../lib/units.ts'
import type { StoredParts } from '../../rollup/encode-parts.ts'
import { EMPTY_PART, type RollupKind } from '../../rollup/kinds.ts'
import type {
  FlowDay,
  HourCommit,
  LabelledHours,
  LabelledSpan,
  ReadQuery,
  RollupStorage,
  Sink,
} from '../../rollup/storage.ts'
import { dayOfHour, type FlowHour, firstMinutes, hoursOfDay, oneHour, type Span, spanAt } from '../../rollup/time.ts'
import { isFrozenHour, splitAll } from '../frozen.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import { readRuns } from './read-runs.ts'
import {
  type DayDocument,
  HOURS_INDEX,
  type HourDocument,
  type HourPartDocument,
  STALE_DAYS_INDEX,
} from './rollup-document.ts'
import { hourIdOf, type StaleMinutes } from './stale-minutes.ts'
import { byId, collectionOf, insertAll, upsertAll } from './writes.ts'

/** Where the items are. */
export type ItemSource<Item> = {
  /** Items of a flow, and of a version if it is named, in order of time; read while they are asked for. */
  between(flow: string, span: Span, version?: string): AsyncIterable<Item>
  /** All hours with items. */
  hours(): AsyncIterable<FlowHour>
  /** Those that have not completed, of a flow. */
  uncompleted?(flow: string, seen: NonNullable<ReadQuery['uncompleted']>): AsyncIterable<Item>
}

type Deps<Item> = {
  readonly kind: Pick<RollupKind<Item, unknown>, 'parts' | 'at'>
  readonly hours: Model<HourDocument>
  readonly parts: Model<HourPartDocument>
  readonly days: Model<DayDocument>
  readonly source: ItemSource<Item>
  readonly staleMinutes: StaleMinutes
  /** The instant before which hours of this kind are frozen. */
  readonly frozenBefore: () => Promise<number>
}

const ITEMS_PER_CHUNK = 1_000
const SESSIONS_PER_CHUNK = 500
const HOURS_PER_BATCH = 500

export function createRollupStorage<Item>({
  kind,
  hours,
  parts: hourParts,
  days,
  source,
  staleMinutes,
  frozenBefore,
}: Deps<Item>): RollupStorage<Item> {
  const [firstPart, ...otherParts] = kind.parts
  const isNotEmpty = { [firstPart]: { $ne: EMPTY_PART } }
  const empty = { [firstPart]: EMPTY_PART, ...Object.fromEntries(otherParts.map((part) => [part, Buffer.alloc(0)])) }

  const writeHour = async ({ flow, version, hour, revision, parts }: HourCommit): Promise<boolean> => {
    const _id = hourIdOf({ flow, version, hour })
    const document = { flow, version, hour, revision, ...parts }
    if (revision === 1) return (await insertAll(hours, [{ _id, ...document }])).size === 0
    return (await collectionOf(hours).replaceOne({ _id, revision: revision - 1 }, document)).matchedCount > 0
  }

  const markDays = async (written: readonly FlowHour[]): Promise<void> => {
    const $unset = Object.fromEntries(kind.parts.map((part) => [part, 1 as const]))
    const stale = written.map(({ flow, version, hour }) => ({ flow, version, day: dayOfHour(hour) }))
    const changes = [...new Map(stale.map((day) => [dayIdOf(day), day]))]
      .map(([id, day]) => ({ id, day }))
      .sort(byId)
      .map(({ id, day }) => {
        const update = { $set: { ...day, isStale: true }, $inc: { changes: 1 }, $unset }
        return { updateOne: { filter: { _id: id }, update, upsert: true } }
      })
    if (changes.length > 0) await upsertAll(days, changes)
  }

  const columnsFor = ({ parts }: ReadQuery) => ({ version: 1, ...Object.fromEntries(parts.map((part) => [part, 1])) })

  /** Passes the fresh days; returns them, and the hours of the stale ones. */
  const readDays = async (query: ReadQuery, sink: Sink<Item>) => {
    const fresh = new Set<string>()
    const stale = new Map<number, LabelledSpan>()
    await readRuns(query.days.map(spanOf), async ({ from, until, spans }) => {
      const columns = { ...columnsFor(query), day: 1, isStale: 1 }
      for (const document of await days.find(isOf(query, 'day', from, until), columns).lean<DayDocument[]>()) {
        const label = spanAt(spans, document.day)?.label
        if (label === undefined) continue
        if (document.isStale) {
          stale.set(document.day, spanOf({ label, ...hoursOfDay(document.day) }))
          continue
        }
        fresh.add(placeOf(document))
        if (document[firstPart] === EMPTY_PART) continue
        sink.stored({ label, version: document.version, parts: document, hours: hoursOfDay(document.day) })
      }
    })
    return { fresh, stale: [...stale.values()].sort((a, b) => a.from - b.from) }
  }

  const readHours = async (
    query: ReadQuery,
    spans: readonly LabelledSpan[],
    fresh: ReadonlySet<string>,
    sink: Sink<Item>,
  ) =>
    readRuns(spans, async ({ from, until, spans }) => {
      const options = { projection: { ...columnsFor(query), hour: 1 }, batchSize: HOURS_PER_BATCH }
      // An hour that is written meanwhile moves in the index, and may come twice.
      const known = new Set<string>()
      // The driver's own cursor, as a month has a thousand hours, and mongoose takes longer for each than all the rest.
      for await (const document of collectionOf(hours).find(
        whereAll([isOf(query, 'hour', from, until), isNotEmpty]),
        options,
      )) {
        if (known.has(document._id) || fresh.has(placeOf({ ...document, day: dayOfHour(document.hour) }))) continue
        known.add(document._id)
        const label = spanAt(spans, document.hour)?.label
        if (label === undefined) continue
        sink.stored({ label, version: document.version, parts: document, hours: oneHour(document.hour) })
      }
    })

  const readRest = ({ flow, version }: ReadQuery, rest: readonly LabelledSpan[], sink: Sink<Item>) =>
    readRuns(rest, async ({ spans, ...span }) => {
      for await (const items of batch(source.between(flow, span, version), ITEMS_PER_CHUNK))
        for (const [label, some] of Map.groupBy(items, (item) => spanAt(spans, kind.at(item))?.label))
          if (label !== undefined) sink.items(label, some)
    })

  /** What is kept of spans in frozen hours. */
  const readKept = async (query: ReadQuery, spans: readonly LabelledSpan[], sink: Sink<Item>) =>
    readRuns(spans, async ({ from, until, spans }) => {
      const [first, end] = [Math.floor(from / HOUR_MS), Math.ceil(until / HOUR_MS)]
      const isNear = whereAll([isOf(query, 'from', first * HOUR_MS, end * HOUR_MS)])
      const kept = await hourParts.find(isNear, { ...columnsFor(query), from: 1 }).lean<HourPartDocument[]>()
      const cut = new Set(kept.map((part) => placeOf({ ...part, day: Math.floor(part.from / HOUR_MS) })))
      for (const part of kept) {
        const label = spanAt(spans, part.from)?.label
        if (label === undefined || part[firstPart] === EMPTY_PART) continue
        sink.stored({ label, version: part.version, parts: part })
      }
      const whole = { ...columnsFor(query), hour: 1 }
      const found = await hours
        .find(whereAll([isOf(query, 'hour', first, end), isNotEmpty]), whole)
        .lean<HourDocument[]>()
      for (const hour of found) {
        const label = spanAt(spans, hour.hour * HOUR_MS)?.label
        if (label !== undefined && !cut.has(placeOf({ ...hour, day: hour.hour })))
          sink.stored({ label, version: hour.version, parts: hour })
      }
    })

  const readUncompleted = async ({ flow, uncompleted }: ReadQuery, sink: Sink<Item>) => {
    if (!uncompleted || !source.uncompleted) return
    for await (const items of batch(source.uncompleted(flow, uncompleted), SESSIONS_PER_CHUNK)) sink.uncompleted(items)
  }

  return {
    async *items({ flow, version }, span) {
      yield* batch(source.between(flow, span, version), ITEMS_PER_CHUNK)
    },

    async staleHours(limit, within) {
      const found = [...(await staleMinutes.find(within))].slice(0, limit)
      if (found.length === 0) return []
      const stored = await hours
        .find({ _id: { $in: found.map(([id]) => id) } }, { revision: 1 })
        .lean<Pick<HourDocument, '_id' | 'revision'>[]>()
      const revisions = new Map(stored.map(({ _id, revision }) => [_id, revision]))
      return found.map(([id, hour]) => ({ ...hour, revision: revisions.get(id) ?? 0 }))
    },

    async commitHours(commits) {
      // After the items were read: whoever removes items has frozen their hour before.
      const before = await frozenBefore()
      const isFrozen = ({ hour }: HourCommit) => isFrozenHour(hour, before)
      const written = await Promise.allSettled(
        commits.map(async (commit) => !isFrozen(commit) && (await writeHour(commit))),
      )
      const isWritten = written.map((each) => each.status === 'fulfilled' && each.value)
      const done = commits.filter((_, index) => isWritten[index])
      await markDays(done)
      await staleMinutes.clear([...done, ...commits.filter(isFrozen)])
      // Only now: the other hours are marked and cleared.
      const failed = written.find((each) => each.status === 'rejected')
      if (failed) throw failed.reason
      return isWritten
    },

    async read(query, sink) {
      const { kept, left } = splitAll(query.rest, await frozenBefore())
      const readWhole = async () => {
        const { fresh, stale } = await readDays(query, sink)
        await readHours(query, stale, fresh, sink)
      }
      await Promise.all([
        readWhole(),
        readHours(query, query.hours.map(spanOf), new Set(), sink),
        readRest(query, left, sink),
        readKept(query, kept, sink),
        readUncompleted(query, sink),
      ])
    },

    // The day of an hour counts its writings, each after it: a day that was read with an older count is read anew.
    async stampOf(query, { first, end }) {
      const among = isOf(query, 'day', dayOfHour(first), dayOfHour(end - 1) + 1)
      const [sum] = await days.aggregate<{ days: number; changes: number }>([
        { $match: among },
        { $group: { _id: null, days: { $sum: 1 }, changes: { $sum: '$changes' } } },
      ])
      return `${sum?.days} ${sum?.changes}`
    },

    async staleDays(limit) {
      const found = await days
        .find({ isStale: true }, { _id: 0, flow: 1, version: 1, day: 1, changes: 1 })
        .hint(STALE_DAYS_INDEX)
        .lean<Pick<DayDocument, 'flow' | 'version' | 'day' | 'changes'>[]>()
      // The newest day is always among them, as it is never written.
      const newest = found.reduce((newest, { day }) => Math.max(newest, day), Number.NEGATIVE_INFINITY)
      return found
        .filter(({ day }) => day < newest)
        .slice(0, limit)
        .map(({ changes, ...day }) => ({ ...day, mark: changes }))
    },

    async keepPart({ parts, ...part }) {
      const _id = JSON.stringify([part.flow, part.version, part.from])
      const replacement = { ...part, ...parts }
      await upsertAll(hourParts, [{ replaceOne: { filter: { _id }, replacement, upsert: true } }])
    },

    storedHours: async ({ first, end }) =>
      hours.find({ hour: { $gte: first, $lt: end } }, { _id: 0, flow: 1, version: 1, hour: 1 }).lean<FlowHour[]>(),

    async hoursOf({ flow, version, day }) {
      const { first, end } = hoursOfDay(day)
      const found = await hours.find({ flow, version, hour: { $gte: first, $lt: end } }).lean<HourDocument[]>()
      // An hour that is written meanwhile may come twice: the last one counts.
      return [...new Map(found.map((each) => [each._id, each])).values()].filter(
        (each) => each[firstPart] !== EMPTY_PART,
      )
    },

    async commitDay({ mark, ...day }, parts: StoredParts) {
      const replacement = { ...day, isStale: false, changes: mark, ...parts }
      await collectionOf(days).replaceOne({ _id: dayIdOf(day), changes: mark }, replacement)
    },

    async *allHours() {
      const known = new Set<string>()
      const before = await frozenBefore()
      const stored = hours.find({}, { _id: 0, flow: 1, version: 1, hour: 1 }).hint(HOURS_INDEX).lean<FlowHour>()
      for (const found of [() => source.hours(), () => stored.cursor()])
        for await (const { flow, version, hour } of found()) {
          const id = hourIdOf({ flow, version, hour })
          if (known.has(id) || isFrozenHour(hour, before)) continue
          known.add(id)
          yield { flow, version, hour }
        }
    },

    async invalidate(some) {
      const raising = some.map((hour) => {
        const { flow, version } = hour
        const update = { $inc: { revision: 1 }, $setOnInsert: { flow, version, hour: hour.hour, ...empty } }
        return { updateOne: { filter: { _id: hourIdOf(hour) }, update, upsert: true } }
      })
      await upsertAll(hours, raising)
      await staleMinutes.mark(firstMinutes(some))
    },
  }
}

const dayIdOf = ({ flow, version, day }: FlowDay): string => JSON.stringify([flow, version, day])
/** Within one flow. */
const placeOf = ({ version, day }: Pick<DayDocument, 'version' | 'day'>): string => JSON.stringify([version, day])

const spanOf = ({ label, first, end }: LabelledHours): LabelledSpan => ({ label, from: first, until: end })

const isOf = (
  { flow, version }: Pick<ReadQuery, 'flow' | 'version'>,
  field: 'hour' | 'day' | 'from',
  from: number,
  until: number,
): Condition => whereAll([{ flow, [field]: { $gte: from, $lt: until } }, ...given(version, (version) => ({ version }))])
