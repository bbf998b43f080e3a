// What is rolled up: sessions, by when they began, and events, by when they were received. What they add up to, and how that is
// kept.

import type { TrailEvent } from '../trail/event.ts'
import type { Session } from '../trail/session.ts'
import { bytesOfWays, fitTally, shortened } from './fit-tally.ts'
import { fitTraffic } from './fit-traffic.ts'
import { ALL, mergeTallies, NO_SESSIONS, type Tally, tallyOf, waysOnly } from './tally.ts'
import {
  mergeTraffic,
  NO_TRAFFIC,
  type Received,
  TRAFFIC_PARTS,
  type Traffic,
  type TrafficPart,
  trafficIn,
  trafficOf,
} from './traffic.ts'

/**
 * Of parts, in any order, `merge` makes what `of` makes of the whole, as long as that is within `LIMITS`; beyond them, what counts
 * for each of the names that are kept is no more than it was.
 */
export type Rolled<Item, Sum> = {
  /** The instant by which it belongs to an hour. */
  at(item: Item): number
  /** So many are added up within some milliseconds. */
  readonly atOnce: number
  /** What an item takes in memory, about. */
  bytesOf(item: Item): number
  of(items: readonly Item[]): Sum
  merge(sums: readonly Sum[]): Sum
  /** Shorter, where there are so many that each may only take this share of the room for one. */
  shortened(sum: Sum, share: number): Sum
  /** What there is to shorten, bytes in memory, about. */
  bytesIn(sum: Sum): number
  /** What it is kept in: a question reads the parts that it needs, and always the first. */
  readonly parts: readonly [Part, ...Part[]]
  /** The JSON of each part; that of the first is `NOTHING` of no items. */
  toParts(sum: Sum): Parts
  /** What no part tells is empty. */
  fromParts(parts: Parts): Sum
  /** As if it had been kept, and nothing but these parts read. */
  only(sum: Sum, parts: readonly Part[]): Sum
}

export type Part = 'ways' | 'rest' | TrafficPart
export type Parts = { readonly [part in Part]?: string }

/** The first part of an hour that has no items any more. */
export const NOTHING = '{}'

export const SESSIONS: Rolled<Session, Tally> = {
  at: ({ startedAt }) => startedAt,
  atOnce: 100,
  bytesOf: ({ steps }) => 2_000 + 600 * steps.length,
  of: (sessions) => fitTally(tallyOf(sessions)),
  merge: (tallies) => fitTally(mergeTallies(tallies)),
  shortened,
  bytesIn: bytesOfWays,
  parts: ['ways', 'rest'],
  toParts({ groups, ...rest }) {
    const { [ALL]: ways = {}, ...choices } = groups
    return { ways: JSON.stringify(ways), rest: JSON.stringify({ choices, ...rest }) }
  },
  fromParts({ ways = NOTHING, rest }) {
    const all = { [ALL]: JSON.parse(ways) as Tally['groups'][string] }
    if (rest === undefined) return { ...NO_SESSIONS, groups: all }
    const { choices, ...more } = JSON.parse(rest) as Omit<Tally, 'groups'> & { choices: Tally['groups'] }
    return { groups: { ...all, ...choices }, ...more }
  },
  only: (tally, parts) => (parts.includes('rest') ? tally : waysOnly(tally)),
}

export type ReceivedEvent = Received & Pick<TrailEvent, 'version'>

export const EVENTS: Rolled<ReceivedEvent, Traffic> = {
  at: ({ at }) => at,
  atOnce: 2_000,
  bytesOf: () => 500,
  of: (events) => fitTraffic(trafficOf(events)),
  merge: (sums) => fitTraffic(mergeTraffic(sums)),
  // Nothing of it is large.
  shortened: (traffic) => traffic,
  bytesIn: () => 0,
  parts: TRAFFIC_PARTS,
  toParts: ({ spans, durations, ...contents }) => ({
    spans: JSON.stringify(spans),
    durations: JSON.stringify(durations),
    contents: JSON.stringify(contents),
  }),
  fromParts: ({ spans = NOTHING, durations = NOTHING, contents = NOTHING }) => ({
    ...NO_TRAFFIC,
    ...(JSON.parse(contents) as Partial<Traffic>),
    spans: JSON.parse(spans) as Traffic['spans'],
    durations: JSON.parse(durations) as Traffic['durations'],
  }),
  only: trafficIn,
}
