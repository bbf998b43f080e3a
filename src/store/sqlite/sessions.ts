import type { Database, SQLQueryBindings } from 'bun:sqlite'
import type { Instants } from '../../lib/instants.ts'
import { HOUR_MS } from '../../lib/units.ts'
import { minuteOf } from '../../rollup/time.ts'
import type { Ending, Session } from '../../trail/session.ts'
import { gatherPage, pageOf, readCursor } from '../cursor.ts'
import type { DerivedTrail } from '../derive-sessions.ts'
import type { Page, SessionQuery } from '../store.ts'
import { type Condition, given, whereAll } from './conditions.ts'
import { createItemSource } from './item-source.ts'
import type { ItemSource } from './rollup-storage.ts'
import { fromBody, toBody } from './session-body.ts'
import type { StaleMinutes } from './stale-minutes.ts'
import type { StringDictionary } from './string-dictionary.ts'
import { IS_OF_TOKEN, isOfToken } from './trails.ts'

export type Sessions = ReturnType<typeof createSessions>

export function createSessions(db: Database, words: StringDictionary, staleMinutes: StaleMinutes) {
  const put = db.prepare<unknown, Omit<SessionRow, 'token'> & { trail: number }>(`
    INSERT INTO sessions (id, trail, flow, version, started_at, last_at, completed_at, exit, source_event_count, body)
    VALUES ($id, $trail, $flow, $version, $startedAt, $lastAt, $completedAt, $exit, $sourceEventCount, $body)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, started_at = excluded.started_at,
      last_at = excluded.last_at, completed_at = excluded.completed_at, exit = excluded.exit, source_event_count = excluded.source_event_count,
      body = excluded.body
    WHERE excluded.source_event_count >= sessions.source_event_count`)
  const stored = db.prepare<Head, [number, number]>(
    `SELECT number, id, source_event_count AS sourceEventCount, flow, version, started_at AS startedAt
     FROM sessions WHERE trail = ? AND last_at >= ?`,
  )
  const remove = db.prepare<unknown, [number]>('DELETE FROM sessions WHERE number = ?')
  const removeUpTo = db.prepare<Moment, [number, number]>(
    `DELETE FROM sessions WHERE trail = ? AND started_at <= ? RETURNING ${MOMENT}`,
  )
  const removeById = db.prepare<Moment, [string]>(`DELETE FROM sessions WHERE id = ? RETURNING ${MOMENT}`)
  const byId = db.prepare<SessionRow, [string]>(`${selectFrom('sessions')} WHERE sessions.id = ?`)
  const spanOf = db.prepare<{ trail: number; startedAt: number; lastAt: number }, [string]>(
    'SELECT trail, started_at AS startedAt, last_at AS lastAt FROM sessions WHERE id = ?',
  )
  const uncompleted = db.prepare<SessionRow, [number, number, number]>(
    `${selectFrom('sessions INDEXED BY sessions_uncompleted')}
     WHERE completed_at IS NULL AND last_at >= ? AND last_at <= ? AND sessions.flow = ?`,
  )
  const ofTrail = db.prepare<SessionRow, [number]>(`${selectFrom('sessions')} WHERE trail = ?`)
  const ofTrailWithin = db.prepare<SessionRow, [number, number, number]>(
    `${selectFrom('sessions INDEXED BY sessions_of_trail')} WHERE trail = ? AND started_at <= ? AND last_at >= ?`,
  )

  const fromRow = ({ flow, version, exit, completedAt, body, ...rest }: SessionRow): Session => ({
    ...rest,
    flow: words.wordOf(flow),
    version: words.wordOf(version),
    exit: words.wordOf(exit),
    ...(completedAt !== null && { completedAt }),
    ...fromBody(body, rest.startedAt, words),
  })

  const markMoment = ({ flow, version, startedAt }: Moment) =>
    staleMinutes.mark({ flow, version, minute: minuteOf(startedAt) })

  return {
    /** Removes those of the trail that began by this instant. Returns how many. */
    removeUpTo(trail: number, upTo: number): number {
      const removed = removeUpTo.all(trail, upTo)
      removed.forEach(markMoment)
      return removed.length
    },

    /** Returns the trail that the session was in; undefined where there is no such session. */
    remove(id: string): number | undefined {
      const removed = removeById.get(id)
      if (removed) markMoment(removed)
      return removed?.trail
    },

    /** Makes these the sessions of the trail, save for those that are settled, or were computed from more events than these. */
    replace(trail: number, { sessions, sourceEventCount, settledBefore }: DerivedTrail): void {
      const ids = new Set(sessions.map(({ id }) => id))
      for (const row of stored.all(trail, settledBefore)) {
        if (ids.has(row.id) || row.sourceEventCount > sourceEventCount) continue
        remove.run(row.number)
        markMoment(row)
      }
      for (const session of sessions) {
        const { id, startedAt, lastAt, completedAt = null, sourceEventCount } = session
        const [flow, version, exit] = [words.idOf(session.flow), words.idOf(session.version), words.idOf(session.exit)]
        const body = toBody(session, words)
        const row = { id, trail, flow, version, startedAt, lastAt, completedAt, exit, sourceEventCount, body }
        if (put.run(row).changes > 0) staleMinutes.mark({ flow, version, minute: minuteOf(startedAt) })
      }
    },

    byId(id: string): Session | undefined {
      const row = byId.get(id)
      return row ? fromRow(row) : undefined
    },

    /** The trail that the session was derived from, and the time it takes. */
    spanOf: (id: string) => spanOf.get(id) ?? undefined,

    ofTrail: (trail: number, within?: Instants) =>
      (within ? ofTrailWithin.all(trail, within.to, within.from) : ofTrail.all(trail)).map(fromRow),

    page(query: SessionQuery): Page<Session> {
      const conditions = conditionsOf(query, words)
      if (!conditions) return { items: [] }
      const { where, values } = whereAll(conditions)
      const found = db.query<SessionRow, SQLQueryBindings[]>(
        `${selectFrom(`sessions INDEXED BY ${indexFor(query)}`)} ${where}
         ORDER BY started_at DESC, sessions.id DESC LIMIT ?`,
      )
      const page = gatherPage<SessionRow>(query.limit, ({ body }) => body.length)
      for (const row of found.iterate(...values, query.limit + 1)) if (!page.add(row)) break
      const { rows, limit } = page.end()
      return pageOf(rows.map(fromRow), limit, ({ startedAt, id }) => ({ at: startedAt, id }))
    },

    /** By when they began. */
    source: {
      ...createItemSource(db, {
        select: selectFrom('sessions INDEXED BY sessions_of_flow'),
        columns: { flow: 'sessions.flow', at: 'started_at' },
        fromRow,
        hours: `SELECT flow, version, CAST(floor(started_at / ${HOUR_MS}.0) AS INTEGER) AS hour FROM sessions GROUP BY 1, 2, 3`,
      }),
      *uncompleted(flow, { from, to }) {
        const word = words.find(flow)
        if (word !== undefined) for (const row of uncompleted.iterate(from, to, word)) yield fromRow(row)
      },
    } satisfies ItemSource<Session>,
  }
}

type Head = Pick<SessionRow, 'id' | 'sourceEventCount' | 'flow' | 'version' | 'startedAt'> & { readonly number: number }

/** Where a session counts. */
type Moment = Pick<SessionRow, 'flow' | 'version' | 'startedAt'> & { readonly trail?: number }
const MOMENT = 'trail, flow, version, started_at AS startedAt'

type SessionRow = Pick<Session, 'id' | 'token' | 'startedAt' | 'lastAt' | 'sourceEventCount'> & {
  readonly flow: number
  readonly version: number
  readonly completedAt: number | null
  readonly exit: number
  readonly body: string
}

const selectFrom = (table: string): string =>
  `SELECT sessions.id, sessions.flow, token, version, started_at AS startedAt, last_at AS lastAt,
     completed_at AS completedAt, exit, source_event_count AS sourceEventCount, body
   FROM ${table} CROSS JOIN trails ON trails.id = sessions.trail`

/** Undefined when a name was never stored. */
function conditionsOf(query: SessionQuery, words: StringDictionary): Condition[] | undefined {
  const flow = query.flow === undefined ? undefined : words.find(query.flow)
  const exit = query.exit === undefined ? undefined : words.find(query.exit)
  if ((query.flow !== undefined && flow === undefined) || (query.exit !== undefined && exit === undefined))
    return undefined

  return [
    ...given(query.token, tokenIsOne),
    ...given(flow, (flow) => ['sessions.flow = ?', flow]),
    ...given(exit, (exit) => ['exit = ?', exit]),
    ...given(query.ending, (ending) => endingIs(ending, query.now - query.lostAfterMs)),
    ...given(query.from, (from) => ['started_at >= ?', from]),
    ...given(query.until, (until) => ['started_at < ?', until]),
    ...given(readCursor(query.after), ({ at, id }) => ['(started_at, sessions.id) < (?, ?)', at, id]),
  ]
}

const tokenIsOne = (token: NonNullable<SessionQuery['token']>): Condition => {
  const forms = [token].flat()
  const isOne = forms.map(() => IS_OF_TOKEN).join(' OR ') || 'false'
  return [`trail IN (SELECT id FROM trails WHERE ${isOne})`, ...forms.flatMap(isOfToken)]
}

/** `lostSince`: a session without an event after this instant is lost. It began before, which spares a look at all that began since. */
function endingIs(ending: Ending, lostSince: number): Condition {
  if (ending === 'completed') return ['is_completed = 1']
  if (ending === 'lost') return ['is_completed = 0 AND last_at <= ? AND started_at <= ?', lostSince, lostSince]
  return ['completed_at IS NULL AND last_at > ?', lostSince]
}

/** The narrowest index for the query. Named, because the planner's own choice would follow statistics that go stale. */
function indexFor({ token, ending, exit, flow }: SessionQuery): string {
  if (token !== undefined) return 'sessions_of_trail'
  if (ending === 'open') return 'sessions_uncompleted'
  if (exit !== undefined) return 'sessions_by_exit'
  return flow === undefined ? 'sessions_in_time' : 'sessions_of_flow'
}
