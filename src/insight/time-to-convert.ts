// How long people take from their first request to the request that completes.

import { CONVERT_EDGES } from '../rollup/convert-bars.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import type { TimeToConvert } from './shapes.ts'
import { spreadOf } from './spread.ts'

export const timeToConvert = ({ convertMs, convertBars }: SessionStatistics): TimeToConvert => ({
  ms: spreadOf(convertMs),
  histogram: convertBars.map((count, index) => {
    const underMs = CONVERT_EDGES[index]
    return { ...(underMs !== undefined && { underMs }), count }
  }),
})
