// Quantiles of durations and sizes: exact for few values, a DDSketch for more. Parts merge into the whole, which is the same however
// it was split.

import { DDSketch } from '@datadog/sketches-js'
import { total } from './counts.ts'

/**
 * Values of 0 or more: all of them, sorted; or the counts of a DDSketch of 1 % relative error: values near 0, then each bin from
 * bin `from` on. (C. Masson, J. E. Rim, H. K. Lee, DDSketch, PVLDB 12 (2019) 2195–2205.)
 */
export type Quantiles =
  | readonly number[]
  | { readonly zeros: number; readonly from: number; readonly bins: readonly number[] }

/** This many values become a sketch. */
export const EXACT_BELOW = 1_000

export const NO_VALUES: Quantiles = []

/** Takes values in any order. */
export const quantilesOf = (values: readonly number[]): Quantiles =>
  values.length < EXACT_BELOW ? values.toSorted((a, b) => a - b) : toBins(sketchOf([values]))

export function mergeQuantiles(parts: readonly Quantiles[]): Quantiles {
  const exact = parts.filter(isExact)
  const isFew = exact.length === parts.length && total(exact.map((values) => values.length)) < EXACT_BELOW
  return isFew ? exact.flat().sort((a, b) => a - b) : toBins(sketchOf(parts))
}

export const countIn = (quantiles: Quantiles): number =>
  isExact(quantiles) ? quantiles.length : quantiles.zeros + total(quantiles.bins)

/**
 * The value that the share `at` (0 to 1) of all values lies below: of n values in order, the value at position ⌊at · (n − 1)⌋,
 * counted from 0. Exact for fewer than 1,000 values, within 1 % for more. Undefined for none.
 */
export function quantile(quantiles: Quantiles, at: number): number | undefined {
  if (isExact(quantiles)) return quantiles[Math.floor(at * (quantiles.length - 1))]
  return sketchOf([quantiles]).getValueAtQuantile(at)
}

const RELATIVE_ERROR = 0.01

const isExact = (quantiles: Quantiles): quantiles is readonly number[] => Array.isArray(quantiles)

function sketchOf(parts: readonly Quantiles[]): DDSketch {
  const sketch = new DDSketch({ relativeAccuracy: RELATIVE_ERROR })
  for (const part of parts) {
    if (isExact(part)) {
      for (const value of part) sketch.accept(value)
      continue
    }
    sketch.zeroCount += part.zeros
    for (const [index, count] of part.bins.entries()) if (count > 0) sketch.store.add(part.from + index, count)
  }
  sketch.count = sketch.zeroCount + sketch.store.count
  return sketch
}

function toBins({ zeroCount, store }: DDSketch): Quantiles {
  if (store.count === 0) return { zeros: zeroCount, from: 0, bins: [] }
  const { minKey, maxKey, offset } = store
  const bins = store.bins.slice(minKey - offset, maxKey - offset + 1)
  return { zeros: zeroCount, from: minKey, bins }
}
