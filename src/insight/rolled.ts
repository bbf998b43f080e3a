// What is rolled up: sessions, by when they began, and events, by when they were received. What they add up to, and how that is
// kept.

import type { TrailEvent } from '../trail/event.ts'
import type { Session } from '../trail/session.ts'
import { ALL, mergeTallies, NO_SESSIONS, type Tally, tallyOf, waysOnly } from './tally.ts'
import { mergeTraffic, NO_TRAFFIC, type Received, spansOnly, type Traffic, trafficOf } from './traffic.ts'

/** Of parts, in any order, `merge` makes what `of` makes of the whole. */
export type Rolled<Item, Sum> = {
  /** The instant by which it belongs to an hour. */
  at(item: Item): number
  /** So many are added up within some milliseconds. */
  readonly atOnce: number
  of(items: readonly Item[]): Sum
  merge(sums: readonly Sum[]): Sum
  /** Nothing but what many questions need alone; all else is empty. */
  brief(sum: Sum): Sum
  /** As it is kept: what `brief` leaves, and the rest. Both are JSON, and `brief` is `NOTHING` of no items. */
  toParts(sum: Sum): { readonly brief: string; readonly rest: string }
  fromParts(brief: string, rest: string | undefined): Sum
}

/** `brief` of an hour that has no items any more. */
export const NOTHING = '{}'

export const SESSIONS: Rolled<Session, Tally> = {
  at: ({ startedAt }) => startedAt,
  atOnce: 100,
  of: tallyOf,
  merge: mergeTallies,
  brief: waysOnly,
  toParts({ groups, ...rest }) {
    const { [ALL]: ways = {}, ...choices } = groups
    return { brief: JSON.stringify(ways), rest: JSON.stringify({ choices, ...rest }) }
  },
  fromParts(brief, rest) {
    const all = { [ALL]: JSON.parse(brief) as Tally['groups'][string] }
    if (rest === undefined) return { ...NO_SESSIONS, groups: all }
    const { choices, ...more } = JSON.parse(rest) as Omit<Tally, 'groups'> & { choices: Tally['groups'] }
    return { groups: { ...all, ...choices }, ...more }
  },
}

export type ReceivedEvent = Received & Pick<TrailEvent, 'version'>

export const EVENTS: Rolled<ReceivedEvent, Traffic> = {
  at: ({ at }) => at,
  atOnce: 2_000,
  of: trafficOf,
  merge: mergeTraffic,
  brief: spansOnly,
  toParts: ({ spans, ...rest }) => ({ brief: JSON.stringify(spans), rest: JSON.stringify(rest) }),
  fromParts: (brief, rest) => ({
    ...(rest === undefined ? NO_TRAFFIC : (JSON.parse(rest) as Omit<Traffic, 'spans'>)),
    spans: JSON.parse(brief) as Traffic['spans'],
  }),
}
