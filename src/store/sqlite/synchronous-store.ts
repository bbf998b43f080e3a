// The whole store on one thread, synchronous. `worker.ts` runs it, `sqlite.ts` calls it from outside.

import { chunks } from '../../lib/chunks.ts'
import { systemStopwatch } from '../../lib/clock.ts'
import { EVENT_ROLLUPS, SESSION_ROLLUPS } from '../../rollup/kinds.ts'
import { inOrder } from '../../trail/derive.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import type { AuditKind } from '../audit-kinds.ts'
import { withinSession } from '../derive-sessions.ts'
import type {
  AuditEntry,
  Document,
  EventAggregateQuery,
  EventQuery,
  IncidentQuery,
  Instants,
  PutOptions,
  SessionQuery,
  StatisticsQuery,
  TrailQuery,
} from '../store.ts'
import { condenseFor, EDGE_PORTION, edgeOf, startEdge, sumsOfTallies, talliesFrom } from '../tally-answer.ts'
import { condenseTraffic, sumsOfTraffic, trafficFrom } from '../traffic-answer.ts'
import { isTrackedTrail, type TrailKey } from '../trail-key.ts'
import { createAudits } from './audits.ts'
import { openDatabase } from './database.ts'
import { createDocuments } from './documents.ts'
import { createEvents } from './events.ts'
import { createFilterValues } from './filter-values.ts'
import { createIncidents } from './incidents.ts'
import { createRecord } from './record.ts'
import { createRederive } from './rederive.ts'
import { SESSION_TABLES, TRAFFIC_TABLES } from './rollup-tables.ts'
import { createRollups } from './rollups.ts'
import { createSessions } from './sessions.ts'
import { createStaleMinutes } from './stale-minutes.ts'
import { createStringDictionary } from './string-dictionary.ts'
import { createTotals } from './totals.ts'
import { createTrails } from './trails.ts'

export type LocalStore = ReturnType<typeof openLocalStore>

/** `stopwatch`: milliseconds. */
export function openLocalStore(file: string, stopwatch = systemStopwatch) {
  const db = openDatabase(file)
  const words = createStringDictionary(db)
  const trails = createTrails(db, words)
  const events = createEvents(db, words)
  const behind = createStaleMinutes(db, SESSION_TABLES)
  const sessions = createSessions(db, words, behind)
  const rollups = createRollups(db, {
    rolled: SESSION_ROLLUPS,
    tables: SESSION_TABLES,
    source: sessions.source,
    words,
    behind,
    stopwatch,
  })
  const eventsBehind = createStaleMinutes(db, TRAFFIC_TABLES)
  const traffic = createRollups(db, {
    rolled: EVENT_ROLLUPS,
    tables: TRAFFIC_TABLES,
    source: events.source,
    words,
    behind: eventsBehind,
    stopwatch,
  })
  const incidents = createIncidents(db)
  const documents = createDocuments(db)
  const audits = createAudits(db)
  const record = createRecord(db, { words, trails, events, sessions, behind: eventsBehind })

  // Each of one moment, whatever other connections write meanwhile.
  const readTallies = db.transaction((query: StatisticsQuery) => {
    const sums = rollups.sums(sumsOfTallies(query), condenseFor(query))
    const edge = startEdge(query)
    for (const some of chunks(sessions.leftBetween(query.flow, edgeOf(query)), EDGE_PORTION)) edge.add(some)
    return talliesFrom(query, sums, edge.end())
  })
  const readTraffic = db.transaction((query: EventAggregateQuery) =>
    trafficFrom(traffic.sums(sumsOfTraffic(query), condenseTraffic(query))),
  )

  return {
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
    /** As JSON, because copying objects from thread to thread costs several times as much. */
    tallies(query: StatisticsQuery) {
      rollups.prepare(sumsOfTallies(query))
      return JSON.stringify(readTallies(query))
    },
    traffic(query: EventAggregateQuery) {
      traffic.prepare(sumsOfTraffic(query))
      return JSON.stringify(readTraffic(query))
    },
    /** Each kind has a turn, whatever becomes of the other's. */
    refresh() {
      let isBehind = true
      try {
        isBehind = rollups.refresh()
      } finally {
        isBehind = traffic.refresh() || isBehind
      }
      return { isBehind }
    },
    rollAnew() {
      rollups.anew()
      traffic.anew()
    },
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
}
