// The bars of the time to convert. Each is counted exactly, as a sketch of many values is not exact at the edges of the bars.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/units.ts'
import { total } from '../stats/counts.ts'

/** Where one bar ends and the next begins; milliseconds. */
export const CONVERT_EDGES = [
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
] as const

/** How many values are in each bar; the last one has no upper edge. */
export type ConvertBars = readonly number[]

export const NO_BARS: ConvertBars = Array.from({ length: CONVERT_EDGES.length + 1 }, () => 0)

export function convertBarsOf(values: readonly number[]): ConvertBars {
  const bars = [...NO_BARS]
  for (const value of values) {
    const below = CONVERT_EDGES.findIndex((edge) => value < edge)
    const bar = below < 0 ? CONVERT_EDGES.length : below
    bars[bar] = (bars[bar] as number) + 1
  }
  return bars
}

export const mergeConvertBars = (parts: readonly ConvertBars[]): ConvertBars =>
  NO_BARS.map((_, bar) => total(parts.map((part) => part[bar] as number)))
