// How long people take from their first request to the request that completes.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/units.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { histogram } from '../stats/quantiles.ts'
import type { TimeToConvert } from './shapes.ts'
import { spreadOf } from './spread.ts'

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
