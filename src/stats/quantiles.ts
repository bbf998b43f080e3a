// Quantiles of durations and sizes: exact for few values, a DDSketch for more. Parts merge into the whole, which is the same however
// it was split.

import { DDSketch } from '@datadog/sketches-js'
import { count, total } from './counts.ts'

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
  const inBins = total(bins)
  sketch.zeroCount = zeros
  sketch.count = zeros + inBins
  Object.assign(sketch.store, { bins, count: inBins, offset: from, minKey: from, maxKey: from + bins.length - 1 })
  return sketch.getValueAtQuantile(at)
}

const RELATIVE_ERROR = 0.01

const emptySketch = () => new DDSketch({ relativeAccuracy: RELATIVE_ERROR })

const isExact = (quantiles: Quantiles): quantiles is readonly number[] => Array.isArray(quantiles)

/** Counts by the key of the bin at once: a sketch grows value by value, which takes several times as long. */
function binsOf(values: readonly number[]): Bins {
  const { mapping } = emptySketch()
  const counts = new Map<number, number>()
  let zeros = 0
  for (const value of values)
    if (value > mapping.minPossible) count(counts, mapping.key(value))
    else zeros++
  if (counts.size === 0) return { zeros, from: 0, bins: [] }
  const [from, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())]
  const bins = Array.from({ length: last - from + 1 }, (_, index) => counts.get(from + index) ?? 0)
  return { zeros, from, bins }
}

/** Equal bins have equal bounds, so that counts are added. The library's own way of it takes many times as long. */
function mergeBins(parts: readonly Bins[]): Bins {
  const zeros = total(parts.map(({ zeros }) => zeros))
  const filled = parts.filter(({ bins }) => bins.length > 0)
  if (filled.length === 0) return { zeros, from: 0, bins: [] }
  const from = Math.min(...filled.map(({ from }) => from))
  const end = Math.max(...filled.map(({ from, bins }) => from + bins.length))
  const bins = new Array<number>(end - from).fill(0)
  for (const part of filled) {
    const shift = part.from - from
    for (const [index, count] of part.bins.entries()) bins[shift + index] = (bins[shift + index] as number) + count
  }
  return { zeros, from, bins }
}
