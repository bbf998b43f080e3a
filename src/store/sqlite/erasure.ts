// Removes what there is of one person, whatever its age.

import type { Database } from 'bun:sqlite'
import { minuteOf } from '../../rollup/time.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { deriveTrail } from '../derive-sessions.ts'
import type { Frozen } from '../frozen.ts'
import type { Erased, ErasedItems, StoreCalls, Token } from '../store.ts'
import { isTrackedTrail, type TrailKey } from '../trail-key.ts'
import { hasId, packId } from './event-id.ts'
import type { TrailTables } from './rederive.ts'
import { createRemains } from './remains.ts'
import type { StaleMinutes } from './stale-minutes.ts'

type Deps = TrailTables & {
  readonly eventMinutes: StaleMinutes
  readonly frozen: () => Frozen
}

type Calls = StoreCalls<'sharedTokens' | 'eraseToken' | 'eraseItems'>
type Segment = { readonly id: number; readonly key: TrailKey }
type RemovedEvent = { readonly version: number; readonly at: number }

export function createErasure(db: Database, { words, trails, events, sessions, eventMinutes, frozen }: Deps): Calls {
  const removeUpTo = db.prepare<RemovedEvent, [number, number, number]>(
    `DELETE FROM events WHERE number IN (
       SELECT number FROM events INDEXED BY events_of_trail WHERE trail = ? AND at <= ? LIMIT ?)
     RETURNING version, at`,
  )
  const removeById = db.prepare<RemovedEvent, [number, Uint8Array]>(
    `DELETE FROM events WHERE trail = ?1 AND ${hasId('?2')} RETURNING version, at`,
  )
  const remains = createRemains(db)

  const mark = (removed: readonly RemovedEvent[], { key }: Segment): void => {
    const flow = words.idOf(key.flow)
    for (const { version, at } of removed) eventMinutes.mark({ flow, version, minute: minuteOf(at) })
  }

  /** Makes the sessions of the segment those of the events that are left. */
  const settle = ({ id, key }: Segment, rules: SessionRulebook): void => {
    const settled = frozen()
    remains.lowerCounts(id, settled.eventsBefore)
    if (isTrackedTrail(key)) sessions.replace(id, deriveTrail(key, events.ofTrail(id, key), rules, settled))
    remains.removeIfEmpty(id)
  }

  return {
    sharedTokens: (tokens) => tokens.filter((token) => trails.segmentsOf(token).some(({ head }) => head.segment < 0)),

    eraseToken: db.transaction((token: Token, upTo: number, limit: number, rules: SessionRulebook): Erased => {
      const done = { events: 0, sessions: 0 }
      for (const segment of trails.segmentsOf(token)) {
        const removed = removeUpTo.all(segment.id, upTo, limit - done.events)
        mark(removed, segment)
        done.events += removed.length
        if (done.events >= limit) break
        const gone = sessions.removeUpTo(segment.id, upTo)
        done.sessions += gone
        if (removed.length + gone > 0) settle(segment, rules)
      }
      return done
    }).immediate,

    eraseItems: db.transaction((items: ErasedItems, rules: SessionRulebook): Erased => {
      const touched = new Map<number, Segment>()
      const done = { events: 0, sessions: 0 }
      for (const event of items.events)
        for (const segment of trails.segmentsOf(event)) {
          const removed = removeById.all(segment.id, packId(event.id))
          if (removed.length === 0) continue
          mark(removed, segment)
          done.events += removed.length
          touched.set(segment.id, segment)
        }
      for (const session of items.sessions) {
        const trail = sessions.remove(session.id)
        if (trail === undefined) continue
        done.sessions++
        const segment = trails.segmentsOf(session).find(({ id }) => id === trail)
        if (segment) touched.set(trail, segment)
      }
      for (const segment of touched.values()) settle(segment, rules)
      return done
    }).immediate,
  }
}
