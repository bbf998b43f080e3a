// The schemas of the collections, and their indexes: one for each query.
//
// A sharded cluster spreads `events` and `sessions` by `{ token: 'hashed' }` and leaves the others whole. An `_id` is unique
// within its shard only, which is enough: an event has its id from the bytes of its request, and a session has its own from
// its first event, so equal ids have equal tokens and meet on the same shard.

import type { Connection, Model, Mongoose, SchemaDefinition } from 'mongoose'
import { EVENT_ROLLUPS, SESSION_ROLLUPS } from '../../rollup/kinds.ts'
import type { AuditDocument, AuditHeadDocument } from './audits.ts'
import type { StoredDocument } from './documents.ts'
import type { EventDocument } from './event-document.ts'
import type { IncidentDocument, MarkDocument } from './incidents.ts'
import {
  DAYS_INDEX,
  type DayDocument,
  HOURS_INDEX,
  type HourDocument,
  type HourPartDocument,
  PARTS_INDEX,
  STALE_DAYS_INDEX,
} from './rollup-document.ts'
import type { SealedDocument } from './sealed-sessions.ts'
import type { SegmentHeadDocument } from './segment-heads.ts'
import type { SessionDocument } from './session-document.ts'
import type { StaleDocument } from './stale-minutes.ts'

export type Models = {
  readonly events: Model<EventDocument>
  readonly heads: Model<SegmentHeadDocument>
  readonly sessions: Model<SessionDocument>
  readonly incidents: Model<IncidentDocument>
  readonly incidentMarks: Model<MarkDocument>
  readonly documents: Model<StoredDocument>
  readonly auditHeads: Model<AuditHeadDocument>
  readonly audits: Model<AuditDocument>
  readonly sealedSessions: Model<SealedDocument>
  readonly sessionHours: Model<HourDocument>
  readonly sessionStaleMinutes: Model<StaleDocument>
  readonly sessionHourParts: Model<HourPartDocument>
  readonly sessionDays: Model<DayDocument>
  readonly eventHours: Model<HourDocument>
  readonly eventStaleMinutes: Model<StaleDocument>
  readonly eventHourParts: Model<HourPartDocument>
  readonly eventDays: Model<DayDocument>
}

export function createModels({ Schema }: Mongoose, connection: Connection): Models {
  const create = (name: keyof Models) => {
    const options = {
      collection: name,
      strict: 'throw',
      strictQuery: 'throw',
      versionKey: false,
      autoIndex: false,
      autoCreate: false,
      // `errors` is the name of a method of mongoose's documents, of which we make none: all reads are lean.
      suppressReservedKeysWarning: true,
    } as const
    return connection.model(name, new Schema(FIELDS[name], options))
  }
  return Object.fromEntries(
    Object.keys(FIELDS).map((name) => [name, create(name as keyof Models)]),
  ) as unknown as Models
}

type Index = { readonly [field: string]: 1 | -1 }

export const INDEXES: { readonly [name in keyof Models]: readonly Index[] } = {
  events: [
    // The events of a segment of a token, and how many they are, without a look at the documents.
    { token: 1, segment: 1, flow: 1 },
    // Pages in order of time.
    { at: 1, _id: 1 },
  ],
  // The tokens whose trails are shared.
  heads: [{ isShared: 1 }],
  sessions: [
    // The sessions of a token: to bring them up to date, and for the token filter.
    { token: 1, flow: 1 },
    // The list with no filter but time.
    { startedAt: -1, _id: -1 },
    // The list of one flow, and which flows there are.
    { flow: 1, startedAt: -1, _id: -1 },
    // The list of one exit screen, and which exit screens there are.
    { exit: 1, startedAt: -1, _id: -1 },
    // The open sessions, and the counts of all endings.
    { isCompleted: 1, lastAt: 1 },
  ],
  incidents: [
    // The list, newest first, and what to trim.
    { at: -1, _id: -1 },
    // The list of one category.
    { category: 1, at: -1, _id: -1 },
  ],
  incidentMarks: [],
  documents: [
    // All of a kind, to delete them.
    { kind: 1 },
    // What has expired, to clear it away.
    { expiresAt: 1 },
  ],
  auditHeads: [],
  // The newest of a few kinds, however many there are of others.
  audits: [{ what: 1, _id: -1 }],
  // What has expired, to clear it away.
  sealedSessions: [{ expiresAt: 1 }],
  // The hours of a flow, and without a look at the documents which there are.
  sessionHours: [HOURS_INDEX],
  // There are a few at any time.
  sessionStaleMinutes: [],
  // The parts of hours of a flow.
  sessionHourParts: [PARTS_INDEX],
  // The days of a flow, and without a look at the documents which are to be made.
  sessionDays: [DAYS_INDEX, STALE_DAYS_INDEX],
  // The same for events.
  eventHours: [HOURS_INDEX],
  eventStaleMinutes: [],
  eventHourParts: [PARTS_INDEX],
  eventDays: [DAYS_INDEX, STALE_DAYS_INDEX],
}

const ROLLUP = { _id: String, flow: String, version: String, hour: Number, revision: Number } as const
const HOUR_PART = { _id: String, flow: String, version: String, from: Number, until: Number } as const
const DAY = { _id: String, flow: String, version: String, day: Number, isStale: Boolean, changes: Number } as const
const partsOf = ([first, ...others]: readonly [string, ...string[]]): SchemaDefinition => ({
  [first]: String,
  ...Object.fromEntries(others.map((part) => [part, Buffer])),
})
const STALE_MINUTES: SchemaDefinition = {
  _id: String,
  isWritten: Boolean,
  at: Date,
  minutes: [{ _id: false, flow: String, version: String, minute: Number }],
}

const FIELDS: { readonly [name in keyof Models]: SchemaDefinition } = {
  events: {
    _id: String,
    flow: String,
    version: String,
    token: String,
    segment: Number,
    at: Number,
    action: String,
    screen: String,
    next: String,
    outcome: String,
    trigger: String,
    sequence: String,
    input: String,
    fingerprint: String,
    errors: String,
    processingMs: Number,
    upstreamMs: Number,
    requestBytes: Number,
    replyBytes: Number,
  },
  heads: {
    _id: String,
    flow: String,
    token: String,
    number: Number,
    segment: Number,
    events: Number,
    lastAt: Number,
    isShared: Boolean,
  },
  sessions: {
    _id: String,
    flow: String,
    version: String,
    token: String,
    segment: Number,
    startedAt: Number,
    lastAt: Number,
    completedAt: Number,
    isCompleted: Boolean,
    exit: String,
    sourceEventCount: Number,
    body: String,
  },
  incidents: { _id: String, at: Number, category: String, flow: String, detail: String, count: Number },
  incidentMarks: { _id: String, at: Number, id: String, counts: Object },
  documents: { _id: String, kind: String, value: String, expiresAt: Number },
  auditHeads: {
    _id: String,
    number: Number,
    hash: String,
    since: Number,
    older: Number,
    links: Array,
    replaced: Array,
  },
  audits: { _id: Number, at: Number, who: String, what: String, detail: String, before: String, hash: String },
  sealedSessions: { _id: String, at: Number, expiresAt: Number, sealed: String },
  sessionHours: { ...ROLLUP, ...partsOf(SESSION_ROLLUPS.parts) },
  sessionStaleMinutes: STALE_MINUTES,
  sessionHourParts: { ...HOUR_PART, ...partsOf(SESSION_ROLLUPS.parts) },
  sessionDays: { ...DAY, ...partsOf(SESSION_ROLLUPS.parts) },
  eventHours: { ...ROLLUP, ...partsOf(EVENT_ROLLUPS.parts) },
  eventStaleMinutes: STALE_MINUTES,
  eventHourParts: { ...HOUR_PART, ...partsOf(EVENT_ROLLUPS.parts) },
  eventDays: { ...DAY, ...partsOf(EVENT_ROLLUPS.parts) },
}
