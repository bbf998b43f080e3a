// How long it takes people to come through.

import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { histogram } from '../stats/quantiles.ts'
import { type Spread, spreadOf } from './friction.ts'

export type TimeToConvert = {
  /** From the first request of a session to the one that completed it, milliseconds; completed sessions only. */
  readonly ms: Spread
  /** Sessions by how long they took; `underMs` is missing in the last one. */
  readonly histogram: readonly { readonly underMs?: number; readonly count: number }[]
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const EDGES = [
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  24 * HOUR_MS,
]

export function timeToConvert({ convertMs }: SessionStatistics): TimeToConvert {
  const counts = histogram(convertMs, EDGES)
  return {
    ms: spreadOf(convertMs),
    histogram: counts.map((count, index) => {
      const underMs = EDGES[index]
      return { ...(underMs !== undefined && { underMs }), count }
    }),
  }
}
