// The whole store, synchronous. `worker.ts` runs it, `sqlite.ts` calls it from another thread.

import { EVENT_ROLLUPS, SESSION_ROLLUPS } from '../../rollup/kinds.ts'
import type { RollupStorages } from '../../rollup/rollups.ts'
import { inOrder } from '../../trail/derive-sessions.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { withinSession } from '../derive-sessions.ts'
import type { Recorded, Store, StoreCalls } from '../store.ts'
import { isTrackedTrail } from '../trail-key.ts'
import { createAudits } from './audits.ts'
import { openDatabase } from './database.ts'
import { createDocuments } from './documents.ts'
import { createErasure } from './erasure.ts'
import { createEvents } from './events.ts'
import { createFilterValues } from './filter-values.ts'
import { createHadEvents } from './had-events.ts'
import { createIncidents } from './incidents.ts'
import { createOldRollups } from './old-rollups.ts'
import { createPurge, createReleaseRoom } from './purge.ts'
import { createRecord } from './record.ts'
import { createRederive } from './rederive.ts'
import { createReplaceInputs } from './replace-inputs.ts'
import { createRetention } from './retention.ts'
import { createRollupStorage } from './rollup-storage.ts'
import { EVENT_TABLES, SESSION_TABLES } from './rollup-tables.ts'
import { createSealedSessions } from './sealed-sessions.ts'
import { createSessions } from './sessions.ts'
import { createStaleMinutes } from './stale-minutes.ts'
import { createStringDictionary } from './string-dictionary.ts'
import { createTotals } from './totals.ts'
import { createTrails } from './trails.ts'

/** The calls of the store from another thread. `batch`: a JSON list of events that can be stored. */
export type SqliteCalls = StoreCalls<Exclude<keyof Store, 'record'>> & {
  record(batch: string, rules: SessionRulebook): Omit<Recorded, 'refused'>
}

export function openSynchronousStore(file: string, keepsOlder: boolean) {
  const { db, migration } = openDatabase(file, keepsOlder)
  const words = createStringDictionary(db)
  const trails = createTrails(db, words)
  const events = createEvents(db, words)
  const sessionMinutes = createStaleMinutes(db, SESSION_TABLES)
  const sessions = createSessions(db, words, sessionMinutes)
  const eventMinutes = createStaleMinutes(db, EVENT_TABLES)
  const documents = createDocuments(db)
  const retention = createRetention(db, { words, documents, eventMinutes, sessionMinutes })
  const { frozen } = retention
  const record = createRecord(db, { words, trails, events, sessions, staleMinutes: eventMinutes, frozen })

  const rollups: RollupStorages = {
    sessions: createRollupStorage(db, {
      kind: SESSION_ROLLUPS,
      tables: SESSION_TABLES,
      source: sessions.source,
      staleMinutes: sessionMinutes,
      words,
      frozenBefore: () => frozen().sessionsBefore,
    }),
    events: createRollupStorage(db, {
      kind: EVENT_ROLLUPS,
      tables: EVENT_TABLES,
      source: events.source,
      staleMinutes: eventMinutes,
      words,
      frozenBefore: () => frozen().eventsBefore,
    }),
  }

  const calls: SqliteCalls = {
    record: (batch, rules) => record(JSON.parse(batch) as TrailEvent[], rules),
    known(wanted) {
      const isKnown = ({ id, flow, token }: (typeof wanted)[number]) =>
        trails.segmentsOf({ flow, token }).some((segment) => events.isKnown(id, segment.id))
      return wanted.filter(isKnown).map(({ id }) => id)
    },
    eventsOf(flow, token) {
      const segments = trails.segmentsOf({ flow, token })
      return inOrder(segments.flatMap(({ id, key }) => events.ofTrail(id, key)))
    },
    newestEventsOf(flow, token, limit) {
      const newest = trails.segmentsOf({ flow, token }).find(({ key }) => isTrackedTrail(key))
      return newest ? events.newestOfTrail(newest.id, newest.key, limit) : []
    },
    session: sessions.byId,
    sessionsOf(keys, within) {
      const found = new Set(keys.flatMap(trails.segmentsOf).map(({ id }) => id))
      return [...found].flatMap((trail) => sessions.ofTrail(trail, within))
    },
    trails: trails.page,
    rederive: createRederive(db, { words, trails, events, sessions, frozen }),
    ...retention,
    ...createOldRollups(db, { documents, frozen }),
    ...createErasure(db, { words, trails, events, sessions, eventMinutes, frozen }),
    replaceInputs: createReplaceInputs(db, { trails, events }),
    purge: createPurge(db),
    releaseRoom: createReleaseRoom(db),
    sessions: sessions.page,
    events(query) {
      if (query.session === undefined) return events.page(query)
      const span = sessions.spanOf(query.session)
      return span ? events.page(withinSession(query, span), span.trail) : { items: [] }
    },
    hadEvents: createHadEvents(db),
    totals: createTotals(db),
    ...createFilterValues(db, words, frozen),
    ...createIncidents(db),
    ...documents,
    ...createAudits(db),
    ...createSealedSessions(db),
    close() {
      db.run('PRAGMA wal_checkpoint(TRUNCATE)')
      // With `true`, because otherwise prepared statements keep the file open until they are collected.
      db.close(true)
    },
  }
  return { calls, rollups, migration }
}
