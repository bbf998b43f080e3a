// Quantiles of durations and sizes: exact for few values, a DDSketch for more. Parts merge into the whole, which is the same however
// it was split.

import { DDSketch } from '@datadog/sketches-js'
import { total } from './counts.ts'

/**
 * Values of 0 or more: all of them, sorted; or the counts of a DDSketch of 1 % relative error: values near 0, then each bin from
 * bin `from` on. (C. Masson, J. E. Rim, H. K. Lee, DDSketch, PVLDB 12 (2019) 2195–2205.)
 */
export type Quantiles = readonly number[] | Bins

type Bins = { readonly zeros: number; readonly from: number; readonly bins: readonly number[] }

/** This many values become a sketch. */
export const EXACT_BELOW = 1_000

export const NO_VALUES: Quantiles = []

/** Takes values in any order. */
export const quantilesOf = (values: readonly number[]): Quantiles =>
  values.length < EXACT_BELOW ? values.toSorted((a, b) => a - b) : binsOf(values)

export function mergeQuantiles(parts: readonly Quantiles[]): Quantiles {
  const values = parts.filter(isExact).flat()
  const binned = parts.filter((part): part is Bins => !isExact(part))
  if (binned.length === 0 && values.length < EXACT_BELOW) return values.sort((a, b) => a - b)
  return mergeBins([...binned, binsOf(values)])
}

export const countIn = (quantiles: Quantiles): number =>
  isExact(quantiles) ? quantiles.length : quantiles.zeros + total(quantiles.bins)

/**
 * The value that the share `at` (0 to 1) of all values lies below: of n values in order, the value at position ⌊at · (n − 1)⌋,
 * counted from 0. Exact for fewer than 1,000 values, within 1 % for more. Undefined for none.
 */
export function quantile(quantiles: Quantiles, at: number): number | undefined {
  if (isExact(quantiles)) return quantiles[Math.floor(at * (quantiles.length - 1))]
  const sketch = emptySketch()
  const { zeros, from, bins } = quantiles
  const count = total(bins)
  sketch.zeroCount = zeros
  sketch.count = zeros + count
  Object.assign(sketch.store, { bins, count, offset: from, minKey: from, maxKey: from + bins.length - 1 })
  return sketch.getValueAtQuantile(at)
}

const RELATIVE_ERROR = 0.01

const emptySketch = () => new DDSketch({ relativeAccuracy: RELATIVE_ERROR })

const MAPPING = emptySketch().mapping

const isExact = (quantiles: Quantiles): quantiles is readonly number[] => Array.isArray(quantiles)

/** Counts by bin at once: a sketch grows value by value, which takes several times as long. */
function binsOf(values: readonly number[]): Bins {
  let least = Infinity
  let most = 0
  let zeros = 0
  for (const value of values)
    if (value > MAPPING.minPossible) {
      least = Math.min(least, value)
      most = Math.max(most, value)
    } else zeros++
  if (most === 0) return { zeros, from: 0, bins: [] }
  const from = MAPPING.key(least)
  // In a plain array, to count took four times as long.
  const bins = new Float64Array(MAPPING.key(most) - from + 1)
  for (const value of values) if (value > MAPPING.minPossible) add(bins, MAPPING.key(value) - from, 1)
  return { zeros, from, bins: Array.from(bins) }
}

/** Equal bins have equal bounds, so that counts are added. The library's own way of it takes many times as long. */
function mergeBins(parts: readonly Bins[]): Bins {
  const zeros = total(parts.map(({ zeros }) => zeros))
  const filled = parts.filter(({ bins }) => bins.length > 0)
  if (filled.length === 0) return { zeros, from: 0, bins: [] }
  const from = Math.min(...filled.map(({ from }) => from))
  const end = Math.max(...filled.map(({ from, bins }) => from + bins.length))
  const bins = new Float64Array(end - from)
  for (const part of filled)
    for (const [index, count] of part.bins.entries()) add(bins, part.from - from + index, count)
  return { zeros, from, bins: Array.from(bins) }
}

const add = (bins: Float64Array, index: number, count: number): void => {
  bins[index] = (bins[index] as number) + count
}
