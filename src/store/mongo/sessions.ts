import type { Model } from 'mongoose'
import type { Instants } from '../../lib/instants.ts'
import { DAY_MS } from '../../lib/units.ts'
import { minutesOf } from '../../rollup/time.ts'
import type { Ending, Session } from '../../trail/session.ts'
import { gatherPage, pageOf, readCursor } from '../cursor.ts'
import type { DerivedTrail } from '../derive-sessions.ts'
import { MOST_EXITS, type Page, type SessionQuery } from '../store.ts'
import { type TrailKey, tokensOf, trailIdOf } from '../trail-key.ts'
import { type Condition, given, isBefore, isOfTrails, whereAll } from './conditions.ts'
import { hoursWithItems } from './hours-with-items.ts'
import { readYielding } from './read-yielding.ts'
import type { ItemSource } from './rollup-storage.ts'
import { fromSessionDocument, type SessionDocument, toSessionDocument } from './session-document.ts'
import type { StaleMinutes } from './stale-minutes.ts'
import { bulkWrite, byId, collectionOf } from './writes.ts'

export type Sessions = ReturnType<typeof createSessions>

export function createSessions(model: Model<SessionDocument>, staleMinutes: StaleMinutes) {
  /**
   * If the stored session is from more events, the filter of `replacing` matches nothing, and its upsert meets the `_id`. The same
   * happens when another process inserted first, from fewer events; then this tries again. If two tokens ever got one id (of 60
   * bits), the first would keep it.
   */
  const put = async (sessions: readonly Placed[]): Promise<void> => {
    let waiting: readonly Placed[] = sessions.toSorted(byId)
    while (waiting.length > 0) {
      const refused = await bulkWrite(model, waiting.map(replacing))
      if (refused.size === 0) return
      const failed = waiting.filter((_, index) => refused.has(index))
      const stored = await model.find({ _id: { $in: failed.map(({ id }) => id) } }, HEAD).lean<Head[]>()
      const inTheWay = new Map(stored.map((head) => [head._id, head]))
      waiting = failed.filter(({ id, token, sourceEventCount }) => {
        const other = inTheWay.get(id)
        return !other || (other.token === token && other.sourceEventCount <= sourceEventCount)
      })
    }
  }

  return {
    /** Makes these the sessions of their trails, save for those that are settled, or were computed from more events than these. */
    async replace(trails: readonly DerivedTrail[]): Promise<void> {
      const stored = await model.find(isOfTrails(trails), HEAD).batchSize(LARGE_BATCH).lean<Head[]>()
      const sessions = trails.flatMap(({ sessions, segment = 0 }) =>
        sessions.map((session) => ({ ...session, segment })),
      )
      const stale = staleOf(stored, trails).toSorted(byId)
      const moments = [...sessions, ...stale].map(({ flow, version, startedAt }) => ({ flow, version, at: startedAt }))
      await staleMinutes.during(minutesOf(moments), async () => {
        await put(sessions)
        if (stale.length > 0) await collectionOf(model).bulkWrite(stale.map(deleting), { ordered: false })
      })
    },

    async byId(id: string): Promise<Session | undefined> {
      const found = await model.findById(id).lean<SessionDocument>()
      return found ? fromSessionDocument(found) : undefined
    },

    /** The trail that a session was derived from, and the time it takes. */
    async spanOf(id: string): Promise<SessionSpan | undefined> {
      return (await model.findById(id, SPAN).lean<SessionSpan>()) ?? undefined
    },

    /** By `trailIdOf` their trail. */
    async ofTrails(trails: readonly TrailKey[]): Promise<Map<string, Session[]>> {
      const byTrail = Map.groupBy(await model.find(isOfTrails(trails)).lean<SessionDocument[]>(), trailIdOf)
      return new Map([...byTrail].map(([trail, documents]) => [trail, documents.map(fromSessionDocument)]))
    },

    /** Of all segments of these tokens. */
    async ofTokens(tokens: readonly TrailKey[], within?: Instants): Promise<Session[]> {
      const wanted = new Set(tokens.map(({ flow, token }) => trailIdOf({ flow, token })))
      const where = [
        { token: { $in: tokensOf(tokens) } },
        ...given(within, ({ from, to }) => ({ startedAt: { $lte: to }, lastAt: { $gte: from } })),
      ]
      const found = await model.find(whereAll(where)).lean<SessionDocument[]>()
      return found.filter(({ flow, token }) => wanted.has(trailIdOf({ flow, token }))).map(fromSessionDocument)
    },

    async page(query: SessionQuery): Promise<Page<Session>> {
      const page = gatherPage<SessionDocument>(query.limit, ({ body }) => body.length)
      for await (const document of newestFirst(model, query)) if (!page.add(document)) break
      const { rows, limit } = page.end()
      return pageOf(rows.map(fromSessionDocument), limit, ({ startedAt, id }) => ({ at: startedAt, id }))
    },

    flows: async () => (await model.distinct('flow')).sort(),
    async exits(): Promise<string[]> {
      const found = await model.aggregate<{ _id: string }>([
        { $group: { _id: '$exit' } },
        { $match: { _id: { $ne: '' } } },
        { $sort: { _id: 1 } },
        { $limit: MOST_EXITS },
      ])
      return found.map(({ _id }) => _id).sort()
    },

    /** By when they began. */
    source: {
      async *between(flow, { from, until }, version) {
        const where = [{ flow, startedAt: { $gte: from, $lt: until } }, ...given(version, (version) => ({ version }))]
        const found = model
          .find(whereAll(where))
          .sort({ startedAt: 1 })
          .batchSize(LARGE_BATCH)
          .lean<SessionDocument>()
          .cursor()
        for await (const document of readYielding(found, AT_ONCE)) yield fromSessionDocument(document)
      },

      hours: () => hoursWithItems(model, 'startedAt'),

      async *uncompleted(flow, { from, to }) {
        const found = model
          .find({ isCompleted: false, lastAt: { $gte: from, $lte: to }, flow })
          .batchSize(LARGE_BATCH)
          .lean<SessionDocument>()
          .cursor()
        for await (const document of readYielding(found, AT_ONCE)) yield fromSessionDocument(document)
      },
    } satisfies ItemSource<Session>,
  }
}

/**
 * In spans of time, the newest first, each eight times as long as the one before: a server that sorts what it finds, instead of
 * following an index, would sort all sessions for a page of a few.
 */
async function* newestFirst(model: Model<SessionDocument>, query: SessionQuery): AsyncGenerator<SessionDocument> {
  const { now, until = now, ending } = query
  const newest = Math.min(readCursor(query.after)?.at ?? now, until, ending === 'lost' ? lostSinceOf(query) : now)
  let left = query.limit + 1
  // The first has no end of its own, as clocks of other processes can be ahead.
  let end: Condition[] = []
  for (let span = query.token === undefined ? FIRST_SPAN_MS : Number.POSITIVE_INFINITY; left > 0; span *= 8) {
    const begin = newest - span
    const isLast = begin <= (query.from ?? 0)
    const found = model
      .find(whereAll([...conditionsOf(query), ...end, ...(isLast ? [] : [{ startedAt: { $gte: begin } }])]))
      .sort({ startedAt: -1, _id: -1 })
      .limit(left)
      .batchSize(left)
      .lean<SessionDocument>()
      .cursor()
    for await (const document of found) {
      left--
      yield document
    }
    if (isLast) return
    end = [{ startedAt: { $lt: begin } }]
  }
}

const FIRST_SPAN_MS = DAY_MS

/** Documents per answer: more than the server's default, so that most queries take one. */
const LARGE_BATCH = 1_000
const AT_ONCE = 50

const lostSinceOf = ({ now, lostAfterMs }: SessionQuery): number => now - lostAfterMs

/** `lostSince`: a session without an event after this instant is lost. */
export function endingIs(ending: Ending, lostSince: number): Condition {
  if (ending === 'completed') return { isCompleted: true }
  return { isCompleted: false, lastAt: ending === 'lost' ? { $lte: lostSince } : { $gt: lostSince } }
}

// Each filter names the token, the shard key.

function replacing({ segment, ...session }: Placed) {
  const { _id, ...replacement } = toSessionDocument(session, segment)
  const filter = { _id, token: session.token, sourceEventCount: { $lte: session.sourceEventCount } }
  return { replaceOne: { filter, replacement, upsert: true } }
}

const deleting = ({ id, trail }: Stale) => ({
  deleteOne: { filter: { _id: id, token: trail.token, sourceEventCount: { $lte: trail.sourceEventCount } } },
})

/** A session, and the segment of its token that it was derived from. */
type Placed = Session & { readonly segment: number }

export type SessionSpan = Pick<SessionDocument, 'flow' | 'token' | 'segment' | 'startedAt' | 'lastAt'>
const SPAN = { _id: 0, flow: 1, token: 1, segment: 1, startedAt: 1, lastAt: 1 } as const

type Head = Pick<
  SessionDocument,
  '_id' | 'flow' | 'token' | 'segment' | 'sourceEventCount' | 'version' | 'startedAt' | 'lastAt'
>
const HEAD = { flow: 1, token: 1, segment: 1, sourceEventCount: 1, version: 1, startedAt: 1, lastAt: 1 } as const

type Stale = Pick<Head, 'flow' | 'version' | 'startedAt'> & { readonly id: string; readonly trail: DerivedTrail }

/** The stored sessions of these trails that are not derived any more, without those that are settled. */
function staleOf(stored: readonly Head[], trails: readonly DerivedTrail[]): Stale[] {
  const derived = new Map(trails.map((trail) => [trailIdOf(trail), trail]))
  return stored.flatMap((head) => {
    const trail = derived.get(trailIdOf(head))
    if (!trail || head.lastAt < trail.settledBefore || trail.sessions.some(({ id }) => id === head._id)) return []
    return [{ ...head, id: head._id, trail }]
  })
}

function conditionsOf(query: SessionQuery): Condition[] {
  return [
    ...given(query.token, (token) => ({ token: { $in: [token].flat() } })),
    ...given(query.flow, (flow) => ({ flow })),
    ...given(query.exit, (exit) => ({ exit })),
    ...given(query.ending, (ending) => endingIs(ending, lostSinceOf(query))),
    // Whoever is lost began before, which spares a look at all who began since.
    ...(query.ending === 'lost' ? [{ startedAt: { $lte: lostSinceOf(query) } }] : []),
    ...given(query.from, (from) => ({ startedAt: { $gte: from } })),
    ...given(query.until, (until) => ({ startedAt: { $lt: until } })),
    ...given(readCursor(query.after), (position) => isBefore('startedAt', position)),
  ]
}
