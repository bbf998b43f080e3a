// How long people take from their first request to the request that completes.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/units.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { histogram } from '../stats/quantiles.ts'
import { type Spread, spreadOf } from './spread.ts'

/** Of completed sessions. */
export type TimeToConvert = {
  readonly ms: Spread
  /** The last bar has no `underMs`. */
  readonly histogram: readonly { readonly underMs?: number; readonly count: number }[]
}

const EDGES = [
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
]

export const timeToConvert = ({ convertMs }: SessionStatistics): TimeToConvert => ({
  ms: spreadOf(convertMs),
  histogram: histogram(convertMs, EDGES).map((count, index) => {
    const underMs = EDGES[index]
    return { ...(underMs !== undefined && { underMs }), count }
  }),
})
