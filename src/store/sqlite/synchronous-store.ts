// The whole store on one thread, synchronous. `worker.ts` runs it, `sqlite.ts` calls it from outside.

import type { Instants } from '../../lib/instants.ts'
import { EVENT_ROLLUPS, SESSION_ROLLUPS } from '../../rollup/kinds.ts'
import type { RollupStorages } from '../../rollup/rollups.ts'
import { inOrder } from '../../trail/derive.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import type { AuditKind } from '../audit-kinds.ts'
import { withinSession } from '../derive-sessions.ts'
import type { AuditEntry, Document, EventQuery, IncidentQuery, PutOptions, SessionQuery, TrailQuery } from '../store.ts'
import { isTrackedTrail, type TrailKey } from '../trail-key.ts'
import { createAudits } from './audits.ts'
import { openDatabase } from './database.ts'
import { createDocuments } from './documents.ts'
import { createEvents } from './events.ts'
import { createFilterValues } from './filter-values.ts'
import { createIncidents } from './incidents.ts'
import { createRecord } from './record.ts'
import { createRederive } from './rederive.ts'
import { createRollupStorage } from './rollup-storage.ts'
import { EVENT_TABLES, SESSION_TABLES } from './rollup-tables.ts'
import { createSessions } from './sessions.ts'
import { createStaleMinutes } from './stale-minutes.ts'
import { createStringDictionary } from './string-dictionary.ts'
import { createTotals } from './totals.ts'
import { createTrails } from './trails.ts'

/** What can be called from another thread. */
export type StoreCalls = ReturnType<typeof openSynchronousStore>['calls']

export function openSynchronousStore(file: string) {
  const db = openDatabase(file)
  const words = createStringDictionary(db)
  const trails = createTrails(db, words)
  const events = createEvents(db, words)
  const sessionMinutes = createStaleMinutes(db, SESSION_TABLES)
  const sessions = createSessions(db, words, sessionMinutes)
  const eventMinutes = createStaleMinutes(db, EVENT_TABLES)
  const incidents = createIncidents(db)
  const documents = createDocuments(db)
  const audits = createAudits(db)
  const record = createRecord(db, { words, trails, events, sessions, staleMinutes: eventMinutes })

  const rollups: RollupStorages = {
    sessions: createRollupStorage(db, {
      kind: SESSION_ROLLUPS,
      tables: SESSION_TABLES,
      source: sessions.source,
      staleMinutes: sessionMinutes,
      words,
    }),
    events: createRollupStorage(db, {
      kind: EVENT_ROLLUPS,
      tables: EVENT_TABLES,
      source: events.source,
      staleMinutes: eventMinutes,
      words,
    }),
  }

  const calls = {
    /** `events`: a JSON list of them. */
    record: (batch: string, rules: SessionRulebook) => record(JSON.parse(batch) as TrailEvent[], rules),
    addIncidents: db.transaction(incidents.add).immediate,
    eventsOf(flow: string, token: string) {
      const segments = trails.segmentsOf({ flow, token })
      return inOrder(segments.flatMap(({ id, key }) => events.ofTrail(id, key)))
    },
    newestEventsOf(flow: string, token: string, limit: number) {
      const newest = trails.segmentsOf({ flow, token }).find(({ key }) => isTrackedTrail(key))
      return newest ? events.newestOfTrail(newest.id, newest.key, limit) : []
    },
    session: (id: string) => sessions.byId(id),
    sessionsOf(keys: readonly TrailKey[], within?: Instants) {
      const found = new Set(keys.flatMap(trails.segmentsOf).map(({ id }) => id))
      return [...found].flatMap((trail) => sessions.ofTrail(trail, within))
    },
    trails: (query: TrailQuery) => trails.page(query),
    rederive: createRederive(db, { words, trails, events, sessions }),
    sessions: (query: SessionQuery) => sessions.page(query),
    events(query: EventQuery) {
      if (query.session === undefined) return events.page(query)
      const span = sessions.spanOf(query.session)
      return span ? events.page(withinSession(query, span), span.trail) : { items: [] }
    },
    incidents: (query: IncidentQuery) => incidents.page(query),
    incidentCounts: () => incidents.counts(),
    ...createFilterValues(db, words),
    totals: createTotals(db),
    getDocument: documents.get,
    documents: documents.all,
    putDocument: (document: Document, options: PutOptions) => documents.put(document, options),
    deleteDocuments: documents.remove,
    audit: (entry: AuditEntry) => audits.add(entry),
    audits: (limit: number, among?: readonly AuditKind[]) => audits.newest(limit, among),
    close() {
      db.run('PRAGMA wal_checkpoint(TRUNCATE)')
      // With `true`, because otherwise prepared statements keep the file open until they are collected.
      db.close(true)
    },
  }
  return { calls, rollups }
}
