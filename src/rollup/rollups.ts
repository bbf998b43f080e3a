// The rollups of a store: what its sessions and its events add up to.

import { type Clock, type Stopwatch, systemClock, systemStopwatch } from '../lib/clock.ts'
import { dayBounds, dayOf } from '../lib/days.ts'
import { HOUR_MS } from '../lib/units.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import type { Counts } from '../stats/counts.ts'
import type { Session } from '../trail/session.ts'
import type { LabelledSum } from './answer.ts'
import { createEngine, type Engine } from './engine.ts'
import { EVENT_PARTS, type EventAggregate, type EventPart, requestsByHour } from './event-aggregate.ts'
import { type AggregatePart, EVENT_ROLLUPS, type ReceivedEvent, SESSION_ROLLUPS } from './kinds.ts'
import type { RollupQuery } from './read-query.ts'
import type { Reading } from './reader.ts'
import { areExitsDecided, type Exits, exitsAsOf, exitsOf, mergeExits, truncateExits } from './screen-exits.ts'
import {
  convertOnly,
  outcomesOnly,
  type SessionAggregate,
  screensOf,
  TIME_BUCKET_MS,
  timeBucketOf,
} from './session-aggregate.ts'
import { condenseOutcomes, isDecided, type SessionStatistics, sessionStatistics } from './session-statistics.ts'
import type { RollupStorage } from './storage.ts'
import type { Span } from './time.ts'

export type Rollups = {
  /**
   * What the sessions of a flow add up to, by when they began: one item for each label and version that has any, in no particular
   * order. It takes about the same time for any number of sessions. Rollups follow their sessions within some seconds, and are
   * brought up to date before this answers, as far as time allows.
   */
  sessionStatistics(query: StatisticsQuery): Promise<readonly LabelledStatistics[]>

  /** Where these sessions left. Hundreds of labels are read sooner than their paths. */
  screenExits(query: ExitsQuery): Promise<readonly LabelledExits[]>

  /** The same for events, by when they were received. Parts of hours at the ends of a span are read event by event. */
  eventAggregates(query: EventAggregateQuery): Promise<readonly LabelledEventAggregate[]>

  /** Works for some tens of milliseconds. */
  refresh(): Promise<{ readonly isStale: boolean }>

  /**
   * Keeps the parts of hours that a midnight of the time zone cuts, for days in time zones that differ from UTC by half an hour. Of the
   * hours between two instants for each kind, which are frozen, and whose items are all there still.
   */
  keepParts(of: { readonly sessions: Span; readonly events: Span }, timezone: string): Promise<void>

  /**
   * Has every rollup recomputed from the stored sessions and events; until then they stay. Whoever goes through the turns that this
   * resolves with does the work, and ends, however much others write meanwhile. Else the next calls of `refresh` do it.
   */
  recomputeAll(): Promise<AsyncIterable<unknown>>
}

type FlowQuery = Pick<RollupQuery, 'flow' | 'version' | 'spans'>

export type ExitsQuery = FlowQuery & { readonly now: number; readonly lostAfterMs: number }

export type StatisticsQuery = ExitsQuery & {
  /**
   * What is not asked for is empty, and is not added up. `paths`: of all sessions, which is also the least to read. `outcomes`: all but
   * what was measured; of the screens only the names. `convert`: how long people took to complete.
   */
  readonly detail: 'paths' | 'outcomes' | 'convert' | 'all'
}

export type LabelledStatistics = {
  readonly label: string
  readonly version: string
  readonly statistics: SessionStatistics
}

export type LabelledExits = {
  readonly label: string
  readonly version: string
  /** By screen. */
  readonly exits: Counts<Exits>
}

export type EventAggregateQuery = FlowQuery & {
  /** All other parts are empty. Fewer parts are read sooner, and for months much sooner. */
  readonly parts: readonly EventDetail[]
}

/** `requestsByHour`: as the function of that name makes it. */
export type EventDetail = EventPart | 'requestsByHour'

export type LabelledEventAggregate = {
  readonly label: string
  readonly version: string
  readonly aggregate: EventAggregate
}

/** One for each kind. */
export type RollupStorages = {
  readonly sessions: RollupStorage<Session>
  readonly events: RollupStorage<ReceivedEvent>
}

export type RollupsDeps = { readonly clock: Clock; readonly stopwatch: Stopwatch; readonly pause: () => Promise<void> }

const DEFAULTS: RollupsDeps = { clock: systemClock, stopwatch: systemStopwatch, pause: yieldToEventLoop }

export function createRollups(storages: RollupStorages, deps = DEFAULTS): Rollups {
  const sessions = createEngine({ ...deps, kind: SESSION_ROLLUPS, storage: storages.sessions })
  const events = createEngine({ ...deps, kind: EVENT_ROLLUPS, storage: storages.events })
  return {
    sessionStatistics: (query) => readStatistics(sessions, query),
    screenExits: (query) => readExits(sessions, query),
    eventAggregates: (query) => readAggregates(events, query),

    async refresh() {
      // Each kind has its turn, whether or not the other fails.
      const turns = [sessions.refresh(), events.refresh()]
      await Promise.allSettled(turns)
      return { isStale: (await Promise.all(turns)).includes(true) }
    },

    async keepParts(of, timezone) {
      const cutOf = (hour: number) => midnightWithin(hour, timezone)
      const hoursOf = ({ from, until }: Span) => ({ first: from / HOUR_MS, end: until / HOUR_MS })
      await sessions.keepParts(hoursOf(of.sessions), cutOf)
      await events.keepParts(hoursOf(of.events), cutOf)
    },

    async recomputeAll() {
      const turns = [await sessions.recomputeAll(), await events.recomputeAll()]
      return (async function* () {
        for (const some of turns) yield* some
      })()
    },
  }
}

/** Undefined if the day begins with the hour, or earlier. */
function midnightWithin(hour: number, timezone: string): number | undefined {
  const last = (hour + 1) * HOUR_MS - 1
  const midnight = dayBounds(dayOf(last, timezone), timezone)?.from ?? 0
  return hour * HOUR_MS < midnight && midnight <= last ? midnight : undefined
}

const NEEDED = {
  // Nothing else is read.
  paths: (whole) => whole,
  outcomes: outcomesOnly,
  convert: convertOnly,
  all: (whole) => whole,
} satisfies { [detail in StatisticsQuery['detail']]: (whole: SessionAggregate) => SessionAggregate }

async function readStatistics(
  engine: Engine<SessionAggregate>,
  { detail, ...query }: StatisticsQuery,
): Promise<LabelledStatistics[]> {
  const lostSince = query.now - query.lostAfterMs
  const sums = await readAround(engine, query, detail === 'paths' ? ['paths'] : SESSION_ROLLUPS.parts, {
    ...SESSION_ROLLUPS,
    name: detail,
    asOf: timeBucketOf(lostSince),
    of(whole) {
      const sum = condenseOutcomes(NEEDED[detail](whole), lostSince)
      return { sum, isFinal: isDecided(sum) }
    },
  })
  // The same few paths come under each label.
  const paths = new Map<string, readonly string[]>()
  const screensIn = (path: string) => paths.getOrInsertComputed(path, screensOf)
  return sums.map(({ label, version, sum, lost }) => ({
    label,
    version,
    statistics: sessionStatistics(sum, lostSince, lost, screensIn),
  }))
}

async function readExits(engine: Engine<SessionAggregate>, query: ExitsQuery): Promise<LabelledExits[]> {
  const lostSince = query.now - query.lostAfterMs
  const sums = await readAround(engine, query, ['paths'], {
    name: 'exits',
    asOf: timeBucketOf(lostSince),
    of(whole) {
      const sum = exitsOf(whole, lostSince)
      return { sum, isFinal: areExitsDecided(sum) }
    },
    merge: mergeExits,
    truncate: truncateExits,
  })
  return sums.map(({ label, version, sum, lost }) => ({ label, version, exits: exitsAsOf(sum, lostSince, lost) }))
}

/**
 * A sum tells which sessions are lost by time bucket. In the bucket of the instant since which a session is lost, some are and some are
 * not, so those of them that are lost are read one by one: `lost` is what they add up to.
 */
async function readAround<Sum>(
  engine: Engine<SessionAggregate>,
  { now, lostAfterMs, ...query }: ExitsQuery,
  parts: readonly AggregatePart[],
  reading: Reading<SessionAggregate, Sum>,
): Promise<(LabelledSum<Sum> & { readonly lost?: Sum | undefined })[]> {
  const lostSince = now - lostAfterMs
  const uncompleted = { from: timeBucketOf(lostSince) * TIME_BUCKET_MS, to: lostSince }
  const answer = await engine.read({ ...query, parts, uncompleted }, reading)
  const keyOf = ({ label, version }: LabelledSum<Sum>) => JSON.stringify([label, version])
  const lost = new Map(answer.uncompleted.map((each) => [keyOf(each), each.sum]))
  return answer.sums.map((each) => ({ ...each, lost: lost.get(keyOf(each)) }))
}

/** `requests` is read in any case; there are hundreds of time buckets for each day, dropped before they are merged. */
async function readAggregates(
  engine: Engine<EventAggregate>,
  { parts, ...query }: EventAggregateQuery,
): Promise<LabelledEventAggregate[]> {
  const [first, ...others] = EVENT_PARTS
  const read = [first, ...others.filter((part) => parts.includes(part))]
  const requestsOf = (aggregate: EventAggregate) => {
    if (parts.includes('requests')) return aggregate
    return parts.includes('requestsByHour') ? requestsByHour(aggregate) : { ...aggregate, requests: {} }
  }
  const { sums } = await engine.read(
    { ...query, parts: read },
    { ...EVENT_ROLLUPS, name: parts.join(), asOf: 0, of: (sum) => ({ sum: requestsOf(sum), isFinal: true }) },
  )
  return sums.map(({ sum, ...rest }) => ({ ...rest, aggregate: sum }))
}
