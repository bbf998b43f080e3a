import type { Model, mongo } from 'mongoose'
import type { ReceivedEvent } from '../../rollup/kinds.ts'
import { minutesOf } from '../../rollup/time.ts'
import { inOrder } from '../../trail/derive-sessions.ts'
import type { TrailEvent } from '../../trail/event.ts'
import { gatherPage, pageOf, placedPageOf, readCursor, readPlace } from '../cursor.ts'
import type { EventQuery, InputChange, Page, PlacedEvent, TrailQuery } from '../store.ts'
import { keyOf, type TrailKey, trackedTrails, trailIdOf } from '../trail-key.ts'
import { given, isAfter, isAfterTrail, isOfTrails, whereAll } from './conditions.ts'
import {
  type EventDocument,
  fromEventDocument,
  fromReceivedDocument,
  inputText,
  RECEIVED_FIELDS,
  type ReceivedDocument,
  toEventDocument,
} from './event-document.ts'
import { hoursWithItems } from './hours-with-items.ts'
import { readYielding } from './read-yielding.ts'
import type { ItemSource } from './rollup-storage.ts'
import type { StaleMinutes } from './stale-minutes.ts'
import { byId, collectionOf, insertAll } from './writes.ts'

/** An event, and the segment of its token that it belongs to. */
export type Placed = TrailEvent & { readonly segment: number }

export type Events = ReturnType<typeof createEvents>

export function createEvents(model: Model<EventDocument>, staleMinutes: StaleMinutes) {
  return {
    /** Returns those that were there already. */
    async add(events: readonly Placed[]): Promise<Placed[]> {
      if (events.length === 0) return []
      const sorted = events.toSorted(byId)
      const documents = sorted.map((event) => toEventDocument(event, event.segment))
      // Known ones, too: an earlier attempt may have ended after it wrote them and before it marked their minutes.
      const known = await staleMinutes.during(minutesOf(events), () => insertAll(model, documents))
      return sorted.filter((_, index) => known.has(index))
    },

    /** The ids of those that are stored. */
    async known(events: readonly Pick<TrailEvent, 'id'>[]): Promise<string[]> {
      if (events.length === 0) return []
      const ids = events.map(({ id }) => id)
      const found = await model
        .find({ _id: { $in: ids } }, { _id: 1 })
        .batchSize(LARGE_BATCH)
        .lean<{ _id: string }[]>()
      return found.map(({ _id }) => _id)
    },

    /** The trails that these are stored in. */
    async trailsOf(events: readonly TrailEvent[]): Promise<TrailKey[]> {
      if (events.length === 0) return []
      const ids = events.map(({ id }) => id)
      return model.find({ _id: { $in: ids } }, { _id: 0, ...TRAIL_FIELDS }).lean<TrailKey[]>()
    },

    /** By `trailIdOf` their trail, in no particular order. */
    async ofTrails(trails: readonly TrailKey[]): Promise<Map<string, TrailEvent[]>> {
      const found = await model.find(isOfTrails(trails)).batchSize(LARGE_BATCH).lean<EventDocument[]>()
      const byTrail = Map.groupBy(found, trailIdOf)
      return new Map([...byTrail].map(([trail, documents]) => [trail, documents.map(fromEventDocument)]))
    },

    /** How many events each trail has, by `trailIdOf` it. */
    async countsOf(trails: readonly TrailKey[]): Promise<Map<string, number>> {
      const counts = await model.aggregate<{ _id: TrailKey; count: number }>([
        { $match: isOfTrails(trails) },
        { $group: { _id: { flow: '$flow', token: '$token', segment: '$segment' }, count: { $sum: 1 } } },
      ])
      return new Map(counts.map(({ _id, count }) => [trailIdOf(_id), count]))
    },

    /** Returns those that have the other input now. */
    async replaceInputs(changes: readonly InputChange[]): Promise<PlacedEvent[]> {
      if (changes.length === 0) return []
      await collectionOf(model).bulkWrite(changes.toSorted(byId).map(replacingInput), { ordered: false })
      const inputs = new Map(changes.map(({ id, to }) => [id, inputText(to)]))
      const found = await model
        .find({ _id: { $in: [...inputs.keys()] } }, { ...TRAIL_FIELDS, input: 1 })
        .batchSize(LARGE_BATCH)
        .lean<(TrailKey & Pick<EventDocument, '_id' | 'input'>)[]>()
      return found
        .filter(({ _id, input }) => input === inputs.get(_id))
        .map(({ _id, input: _, ...trail }) => ({ ...keyOf(trail), id: _id }))
    },

    /** All segments of the token, in order. */
    async ofToken(flow: string, token: string): Promise<TrailEvent[]> {
      const found = await model.find({ token, flow }).batchSize(LARGE_BATCH).lean<EventDocument[]>()
      return inOrder(found.map(fromEventDocument))
    },

    /** The newest `limit`, in order. */
    async newestOfTrail({ flow, token, segment = 0 }: TrailKey, limit: number): Promise<TrailEvent[]> {
      const found = await model
        .find({ token, segment, flow })
        .sort({ at: -1, _id: -1 })
        .limit(limit)
        .batchSize(LARGE_BATCH)
        .lean<EventDocument[]>()
      return inOrder(found.map(fromEventDocument))
    },

    /** `trail`: only those of it. */
    async page({ flow, from, until, limit, after }: EventQuery, trail?: TrailKey): Promise<Page<TrailEvent>> {
      const where = whereAll([
        ...given(trail, ({ token, segment = 0 }) => ({ token, segment })),
        ...given(flow, (flow) => ({ flow })),
        ...given(from, (from) => ({ at: { $gte: from } })),
        ...given(until, (until) => ({ at: { $lt: until } })),
        ...given(readCursor(after), (position) => isAfter('at', position)),
      ])
      const found = model
        .find(where)
        .sort({ at: 1, _id: 1 })
        .limit(limit + 1)
        .batchSize(limit + 1)
        .lean<EventDocument>()
        .cursor()
      const page = gatherPage<EventDocument>(limit, ({ input, errors }) => (input?.length ?? 0) + (errors?.length ?? 0))
      for await (const document of found) if (!page.add(document)) break
      const { rows, limit: most } = page.end()
      return pageOf(rows.map(fromEventDocument), most, ({ at, id }) => ({ at, id }))
    },

    /** The trails there are, without those that are not tracked; by token, segment and flow. */
    async trails({ limit, after }: TrailQuery): Promise<Page<TrailKey>> {
      const trails: TrailKey[] = []
      let last = trailIn(after)
      while (trails.length <= limit) {
        const found = await model
          .find(last ? isAfterTrail(last) : {}, { _id: 0, ...TRAIL_FIELDS })
          .sort(TRAIL_FIELDS)
          .limit(LOOKED_AT)
          .lean<TrailKey[]>()
        trails.push(...trackedTrails(found))
        last = found.at(-1)
        if (found.length < LOOKED_AT) break
      }
      return placedPageOf(trails.slice(0, limit + 1), limit, ({ token, segment = 0, flow }) => [token, segment, flow])
    },

    /** By when they were received. */
    source: {
      async *between(flow, { from, until }, version) {
        const where = [{ at: { $gte: from, $lt: until }, flow }, ...given(version, (version) => ({ version }))]
        const found = model
          .find(whereAll(where), RECEIVED_FIELDS)
          .sort({ at: 1, _id: 1 })
          .batchSize(LARGE_BATCH)
          .lean<ReceivedDocument>()
          .cursor()
        for await (const document of readYielding(found, AT_ONCE)) yield fromReceivedDocument(document)
      },

      hours: () => hoursWithItems(model, 'at'),
    } satisfies ItemSource<ReceivedEvent>,
  }
}

/** Names the token, the shard key. */
function replacingInput({ id, token, from, to }: InputChange): mongo.AnyBulkWriteOperation<EventDocument> {
  const [before, after] = [inputText(from), inputText(to)]
  const filter = { _id: id, token, ...(before === undefined ? { input: { $exists: false } } : { input: before }) }
  return { updateOne: { filter, update: after === undefined ? { $unset: { input: '' } } : { $set: { input: after } } } }
}

/** Index entries per query: most pages take one. The next query begins after the last trail, past the rest of its events. */
const LOOKED_AT = 2_000

function trailIn(cursor: TrailQuery['after']): TrailKey | undefined {
  const [token, segment, flow] = readPlace(cursor)
  const isTrail = typeof token === 'string' && Number.isSafeInteger(segment) && typeof flow === 'string'
  return isTrail ? { token, segment: Number(segment), flow } : undefined
}

const TRAIL_FIELDS = { token: 1, segment: 1, flow: 1 } as const

/** Documents per answer: more than the server's default, so that most queries take one. */
const LARGE_BATCH = 10_000

const AT_ONCE = 500
