// How the config's own answers compare with those of the endpoint behind a tap: counts, as they are stored.

import { isObject, type Json } from '../lib/json.ts'

/** The kind of the documents that it is stored in, by flow. */
export const COMPARISON = 'comparison'

export type Comparison = {
  /** Of the flow's config; another one is counted anew. */
  readonly version: string
  /** The first request that was compared, milliseconds since the epoch. */
  readonly since: number
  readonly compared: number
  readonly same: number
  /** The most frequent first. */
  readonly differences: readonly Compared[]
  /** Requests to which the config has no answer of its own, such as where an API would have been told something. */
  readonly skipped: readonly Compared[]
}

export type Compared = {
  readonly action: string
  /** Where the person was. */
  readonly screen: string
  /** `screen`, or a key of the data; of a skipped request, the reason. */
  readonly name: string
  readonly found?: string
  readonly count: number
  /** Of the newest one. */
  readonly at: number
  readonly session: string
}

export const emptyComparison = (version: string, since: number): Comparison => ({
  version,
  since,
  compared: 0,
  same: 0,
  differences: [],
  skipped: [],
})

/** Of two versions, the one that began later. */
export function summed(a: Comparison, b: Comparison): Comparison {
  if (a.version !== b.version) return a.since > b.since ? a : b
  return {
    version: a.version,
    since: Math.min(a.since, b.since),
    compared: a.compared + b.compared,
    same: a.same + b.same,
    differences: together(a.differences, b.differences),
    skipped: together(a.skipped, b.skipped),
  }
}

const MOST_PLACES = 200

function together(a: readonly Compared[], b: readonly Compared[]): readonly Compared[] {
  const places = new Map<string, Compared>()
  for (const item of [...a, ...b]) {
    const key = JSON.stringify([item.action, item.screen, item.name, item.found])
    const known = places.get(key)
    const newest = known && known.at > item.at ? known : item
    places.set(key, { ...newest, count: (known?.count ?? 0) + item.count })
  }
  return [...places.values()].toSorted((x, y) => y.count - x.count).slice(0, MOST_PLACES)
}

/** Undefined if it is none. */
export const readComparison = (stored: Json | undefined): Comparison | undefined =>
  isObject(stored) && typeof stored.version === 'string' && Array.isArray(stored.differences)
    ? (stored as unknown as Comparison)
    : undefined
