import { systemStopwatch } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { mongoUriMistake, placeOf, secretsOf } from '../../lib/mongo-uri.ts'
import { answeredWithin, withTimeout } from '../../lib/with-timeout.ts'
import { EVENT_ROLLUPS, SESSION_ROLLUPS } from '../../rollup/kinds.ts'
import { withinSession } from '../derive-sessions.ts'
import { type Guard, guardCalls, guardRollups } from '../guard.ts'
import { newestTracked } from '../segment.ts'
import type { QueryStore, Store } from '../store.ts'
import { trailIdOf } from '../trail-key.ts'
import { createAudits } from './audits.ts'
import { connect } from './connection.ts'
import { createDocuments } from './documents.ts'
import { createErasure } from './erasure.ts'
import { createEvents } from './events.ts'
import { explainError } from './explain-error.ts'
import { hadEvents } from './had-events.ts'
import { createIncidents } from './incidents.ts'
import { createOldRollups } from './old-rollups.ts'
import { createRecord } from './record.ts'
import { createRederive } from './rederive.ts'
import { createFlows, createHadSessions, createRetention, frozenOf } from './retention.ts'
import { createRollupStorage } from './rollup-storage.ts'
import { createSealedSessions } from './sealed-sessions.ts'
import { createSegmentHeads } from './segment-heads.ts'
import { createSessions } from './sessions.ts'
import { createSlowAnswers } from './slow-answers.ts'
import { createStaleMinutes } from './stale-minutes.ts'
import { COUNTED, createTotals } from './totals.ts'

export type MongoStoreOptions = {
  readonly log?: Log
  /** Returns at once, and calls wait for the first attempt to connect. Otherwise it returns after that. */
  readonly isImpatient?: boolean
  /** Called whenever MongoDB can be reached: the first time, and again after it was away. */
  readonly onReachable?: () => void
}

/**
 * A store in a MongoDB database: a single server, a replica set or a sharded cluster, and any number of processes on it.
 * Without a database in the address, it is `screentrail`. While MongoDB is out of reach the store is there all the same: its
 * calls reject within seconds, and it connects by itself. Rejects only when the address is none, with one sentence.
 */
export async function openMongoStore(uri: string, options: MongoStoreOptions = {}): Promise<QueryStore> {
  const mistake = await mongoUriMistake(uri)
  if (mistake !== undefined) throw new Error(`store.uri ${mistake}`)
  const place = placeOf(uri)
  const secrets = secretsOf(uri)
  // Recording has its own connections: with a slow database, it would starve behind the queue of queries.
  const { log, onReachable } = options
  const links = await Promise.all([
    connect(uri, place, { places: 10, isFirst: true, log, onReachable }),
    connect(uri, place, { places: 2, isFirst: false, onReachable }),
  ])
  let isAttempted = false
  const attempted = Promise.all(links.map((link) => link.attempted)).then(() => {
    isAttempted = true
  })
  if (!options.isImpatient) await attempted
  const [{ models }, { models: recording }] = links
  const eventMinutes = createStaleMinutes(models.eventStaleMinutes)
  const events = createEvents(models.events, eventMinutes)
  const sessionMinutes = createStaleMinutes(models.sessionStaleMinutes)
  const sessions = createSessions(models.sessions, sessionMinutes)
  const documents = createDocuments(models.documents)
  const frozen = frozenOf(documents)
  const sessionRollups = createRollupStorage({
    kind: SESSION_ROLLUPS,
    hours: models.sessionHours,
    parts: models.sessionHourParts,
    days: models.sessionDays,
    source: sessions.source,
    staleMinutes: sessionMinutes,
    frozenBefore: async () => (await frozen()).sessionsBefore,
  })
  const eventRollups = createRollupStorage({
    kind: EVENT_ROLLUPS,
    hours: models.eventHours,
    parts: models.eventHourParts,
    days: models.eventDays,
    source: events.source,
    staleMinutes: eventMinutes,
    frozenBefore: async () => (await frozen()).eventsBefore,
  })
  const heads = createSegmentHeads(models.heads)
  const record = createRecord({
    heads: createSegmentHeads(recording.heads),
    events: createEvents(recording.events, createStaleMinutes(recording.eventStaleMinutes)),
    sessions: createSessions(recording.sessions, createStaleMinutes(recording.sessionStaleMinutes)),
    frozen: frozenOf(createDocuments(recording.documents)),
  })

  const flows = createFlows({ models, sessions, frozen })
  const slowAnswers = createSlowAnswers({
    stopwatch: systemStopwatch,
    isLarge: async () => (await models.events.estimatedDocumentCount()) >= COUNTED,
  })

  const underWay = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined
  const close = async () => {
    await answeredWithin(CLOSE_PATIENCE_MS, Promise.allSettled(underWay))
    await answeredWithin(CLOSE_PATIENCE_MS, Promise.all(links.map((link) => link.close())))
  }

  const guard: Guard = async (work) => {
    if (!isAttempted) await attempted
    if (closed) throw new Error(`store: MongoDB at ${place} is closed`)
    for (const { trouble } of links) if (trouble() !== undefined) throw trouble()
    const result = withTimeout(CALL_PATIENCE_MS, work())
    underWay.add(result)
    try {
      return await result
    } catch (error) {
      throw explainError(error, place, secrets)
    } finally {
      underWay.delete(result)
    }
  }

  const calls: Omit<Store, 'close'> = {
    record,
    known: events.known,
    eventsOf: events.ofToken,
    async newestEventsOf(flow, token, limit) {
      const head = (await heads.of([{ flow, token }])).get(trailIdOf({ flow, token }))
      return events.newestOfTrail({ flow, token, segment: newestTracked(head) }, limit)
    },
    session: sessions.byId,
    sessionsOf: sessions.ofTokens,
    trails: events.trails,
    rederive: createRederive({ events, sessions, frozen }),
    ...createRetention({ models, documents, events, sessions, heads, eventMinutes, sessionMinutes, frozen }),
    ...createOldRollups({ models, documents, frozen }),
    ...createErasure({ models, events, sessions, heads, eventMinutes, sessionMinutes, frozen }),
    replaceInputs: events.replaceInputs,
    // MongoDB overwrites by itself what its files no longer need.
    purge: async () => true,
    // And fills the room that removed documents leave.
    releaseRoom: async () => true,
    sessions: sessions.page,
    async events(query) {
      if (query.session === undefined) return events.page(query)
      const span = await sessions.spanOf(query.session)
      return span ? events.page(withinSession(query, span), span) : { items: [] }
    },
    hadEvents: () => hadEvents(models.events.db),
    hadSessions: createHadSessions(models),
    flows: (how) => (how?.isExact ? flows() : slowAnswers('flows', flows)),
    exits: () => slowAnswers('exits', sessions.exits),
    totals: createTotals(models, heads, slowAnswers),
    ...createIncidents(models.incidents, models.incidentMarks),
    addIncidents: createIncidents(recording.incidents, recording.incidentMarks).addIncidents,
    ...documents,
    ...createAudits(models),
    ...createSealedSessions(models.sealedSessions),
    keepSealed: createSealedSessions(recording.sealedSessions).keepSealed,
  }
  return {
    ...guardCalls(calls, guard),
    rollups: { sessions: guardRollups(sessionRollups, guard), events: guardRollups(eventRollups, guard) },
    close() {
      closed ??= close()
      return closed
    },
  }
}

/**
 * The last resort: each query of a call has its own timeout (`connection.ts`). A call that takes longer is given up and repeated,
 * as all are safe to repeat. It is long because a slow database may answer every query of a call just in time.
 */
const CALL_PATIENCE_MS = 120_000
const CLOSE_PATIENCE_MS = 2_000
