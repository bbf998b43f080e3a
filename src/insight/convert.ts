// How long it takes people to come through.

import type { Asked } from './asked.ts'
import { type Spread, spreadOf } from './friction.ts'
import { histogram } from './quantiles.ts'

export type TimeToConvert = {
  /** From the first request of a session to the one that completed it, milliseconds; completed sessions only. */
  readonly ms: Spread
  /** Sessions by how long they took; `underMs` is missing in the last one. */
  readonly histogram: readonly { readonly underMs?: number; readonly count: number }[]
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const EDGES = [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR]

export function timeToConvert({ convertMs }: Asked): TimeToConvert {
  const counts = histogram(convertMs, EDGES)
  return {
    ms: spreadOf(convertMs),
    histogram: counts.map((count, index) => {
      const underMs = EDGES[index]
      return { ...(underMs !== undefined && { underMs }), count }
    }),
  }
}
