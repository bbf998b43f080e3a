// The two kinds of rollups: of sessions, by when they began, and of events, by when they were received.

import type { TrailEvent } from '../trail/event.ts'
import type { Session } from '../trail/session.ts'
import {
  aggregateEvents,
  EVENT_PARTS,
  type EventAggregate,
  type EventPart,
  eventPartsOnly,
  mergeEventAggregates,
  NO_EVENTS,
  type ReceivedFacts,
} from './event-aggregate.ts'
import { limitEventAggregate } from './limit-event-aggregate.ts'
import { bytesOfPaths, limitSessionAggregate, truncatePaths } from './limit-session-aggregate.ts'
import {
  ALL_SESSIONS,
  aggregatePaths,
  aggregateSessions,
  mergeSessionAggregates,
  NO_SESSIONS,
  type SessionAggregate,
} from './session-aggregate.ts'

/**
 * `merge` of the aggregates of parts, in any order, equals `aggregate` of the whole within `LIMITS`; beyond them, no kept name counts
 * more than it should.
 */
export type RollupKind<Item, Sum> = {
  /** The instant by which it belongs to an hour. */
  at(item: Item): number
  /** This many items are aggregated within some milliseconds. */
  readonly batchSize: number
  /** Roughly the memory of an item. */
  itemBytes(item: Item): number
  /** `parts`: as if it had been stored, and only these parts read; without them, all of it. */
  aggregate(items: readonly Item[], parts?: readonly AggregatePart[]): Sum
  merge(sums: readonly Sum[]): Sum
  /** Shortens the aggregate to this share of the usual limits. */
  truncate(sum: Sum, share: number): Sum
  /** Roughly the memory that `truncate` can reduce. */
  truncatableBytes(sum: Sum): number
  /** Stored separately: a query reads the parts that it needs, and always the first. */
  readonly parts: readonly [AggregatePart, ...AggregatePart[]]
  /** The JSON of each part; that of the first is `EMPTY_PART` for no items. */
  encode(sum: Sum): EncodedParts
  /** Missing parts are empty. */
  decode(parts: EncodedParts): Sum
}

export type AggregatePart = 'paths' | 'rest' | EventPart
export type EncodedParts = { readonly [part in AggregatePart]?: string }

/** The first part of an hour that has no items any more. */
export const EMPTY_PART = '{}'

const SESSION_PARTS = ['paths', 'rest'] as const

export const SESSION_ROLLUPS: RollupKind<Session, SessionAggregate> = {
  at: ({ startedAt }) => startedAt,
  batchSize: 100,
  itemBytes: ({ steps }) => 2_000 + 600 * steps.length,
  aggregate: (sessions, parts = SESSION_PARTS) =>
    limitSessionAggregate(parts.includes('rest') ? aggregateSessions(sessions) : aggregatePaths(sessions)),
  merge: (statistics) => limitSessionAggregate(mergeSessionAggregates(statistics)),
  truncate: truncatePaths,
  truncatableBytes: bytesOfPaths,
  parts: SESSION_PARTS,
  encode({ groups, ...rest }) {
    const { [ALL_SESSIONS]: paths = {}, ...choices } = groups
    return { paths: JSON.stringify(paths), rest: JSON.stringify({ choices, ...rest }) }
  },
  decode({ paths = EMPTY_PART, rest }) {
    const all = { [ALL_SESSIONS]: JSON.parse(paths) as SessionAggregate['groups'][string] }
    if (rest === undefined) return { ...NO_SESSIONS, groups: all }
    const { choices, ...more } = JSON.parse(rest) as Omit<SessionAggregate, 'groups'> & {
      choices: SessionAggregate['groups']
    }
    return { ...NO_SESSIONS, ...more, groups: { ...all, ...choices } }
  },
}

export type ReceivedEvent = ReceivedFacts & Pick<TrailEvent, 'version'>

export const EVENT_ROLLUPS: RollupKind<ReceivedEvent, EventAggregate> = {
  at: ({ at }) => at,
  batchSize: 2_000,
  itemBytes: () => 500,
  aggregate: (events, parts = EVENT_PARTS) => eventPartsOnly(limitEventAggregate(aggregateEvents(events)), parts),
  merge: (sums) => limitEventAggregate(mergeEventAggregates(sums)),
  // Nothing of it is large.
  truncate: (traffic) => traffic,
  truncatableBytes: () => 0,
  parts: EVENT_PARTS,
  encode: ({ requests, durations, ...contents }) => ({
    requests: JSON.stringify(requests),
    durations: JSON.stringify(durations),
    contents: JSON.stringify(contents),
  }),
  decode: ({ requests = EMPTY_PART, durations = EMPTY_PART, contents = EMPTY_PART }) => ({
    ...NO_EVENTS,
    ...(JSON.parse(contents) as Partial<EventAggregate>),
    requests: JSON.parse(requests) as EventAggregate['requests'],
    durations: JSON.parse(durations) as EventAggregate['durations'],
  }),
}
