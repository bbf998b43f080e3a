// Derives the sessions of one trail from its events, and compares them with the stored ones. Both stores use this, so that both
// have the same sessions.

import { isDeepStrictEqual } from 'node:util'
import { own } from '../lib/json.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Session, SessionRulebook } from '../trail/session.ts'
import type { Frozen } from './frozen.ts'
import type { EventQuery } from './store.ts'
import { keyOf, type TrailKey } from './trail-key.ts'

/** The sessions of one trail, and how many events they were computed from. */
export type DerivedTrail = TrailKey & {
  readonly sessions: readonly Session[]
  readonly sourceEventCount: number
  /** Sessions that ended before this instant stay as they are stored: their events may be removed. None is derived. */
  readonly settledBefore: number
}

/** `events`: all stored events of the trail, each once. */
export function deriveTrail(
  key: TrailKey,
  events: readonly TrailEvent[],
  rulebook: SessionRulebook,
  { eventsBefore }: Pick<Frozen, 'eventsBefore'>,
): DerivedTrail {
  const rules = own(rulebook.flows, key.flow) ?? rulebook.otherwise
  const sessions = sessionsOf(events, rules).filter(({ lastAt }) => lastAt >= eventsBefore)
  return { ...keyOf(key), sessions, sourceEventCount: events.length, settledBefore: eventsBefore }
}

/** The query, limited to the time of this session. */
export const withinSession = (
  query: EventQuery,
  { startedAt, lastAt }: Pick<Session, 'startedAt' | 'lastAt'>,
): EventQuery => ({
  ...query,
  from: Math.max(startedAt, query.from ?? startedAt),
  until: Math.min(lastAt + 1, query.until ?? lastAt + 1),
})

export type TrailRevision = {
  /** What is to replace the stored sessions. */
  readonly derived: DerivedTrail
  /** How many sessions the trail has then. */
  readonly sessions: number
  /** The ids of those that are added, removed, or not what they were. */
  readonly changed: readonly string[]
}

/** Sessions outlive their events: one that is settled, or from more events than there are now, stays, and no session beside it covers its time. */
export function reviseTrail(derived: DerivedTrail, stored: readonly Session[]): TrailRevision {
  const outliving = stored.filter(
    ({ lastAt, sourceEventCount }) => lastAt < derived.settledBefore || sourceEventCount > derived.sourceEventCount,
  )
  const sessions = derived.sessions.filter((session) => !outliving.some((other) => overlaps(session, other)))
  const before = new Map(stored.map((session) => [session.id, session]))
  const ids = new Set([...sessions, ...outliving].map(({ id }) => id))
  const removed = stored.filter(({ id }) => !ids.has(id))
  const written = sessions.filter((session) => !isDeepStrictEqual(before.get(session.id), session))
  return {
    derived: { ...derived, sessions },
    sessions: ids.size,
    changed: [...removed, ...written].map(({ id }) => id),
  }
}

const overlaps = (a: Session, b: Session): boolean => a.startedAt <= b.lastAt && b.startedAt <= a.lastAt
