// The distribution of durations and sizes: exact while there are few, a DDSketch from then on. Parts merge into the whole,
// and the whole is the same whatever the parts were.

import { DDSketch } from '@datadog/sketches-js'
import { total } from './counts.ts'

/**
 * What was measured, none below 0: either all values, sorted, or how many fell near 0 and into each bin of a DDSketch of 1 %
 * relative error, counted from bin `from`. (C. Masson, J. E. Rim, H. K. Lee, DDSketch, PVLDB 12 (2019) 2195–2205.)
 */
export type Quantiles =
  | readonly number[]
  | { readonly zeros: number; readonly from: number; readonly bins: readonly number[] }

/** So many values or more become a sketch. */
export const EXACT_BELOW = 1_000

export const NO_VALUES: Quantiles = []

/** In any order. */
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
 * The value below which the share `at` (0 to 1) of all values lies: of n values in order, the one at position ⌊at · (n − 1)⌋,
 * counted from 0. Exact below 1,000 values, within 1 % from there on. Undefined of no values.
 */
export function quantile(quantiles: Quantiles, at: number): number | undefined {
  if (isExact(quantiles)) return quantiles[Math.floor(at * (quantiles.length - 1))]
  return sketchOf([quantiles]).getValueAtQuantile(at)
}

/** How many values lie below the first edge, from each edge to the next, and from the last one on. Edges ascend. */
export function histogram(quantiles: Quantiles, edges: readonly number[]): number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0)
  const put = (value: number, count: number) => {
    const index = edges.findIndex((edge) => value < edge)
    counts[index < 0 ? edges.length : index] = (counts[index < 0 ? edges.length : index] as number) + count
  }
  if (isExact(quantiles)) for (const value of quantiles) put(value, 1)
  else {
    put(0, quantiles.zeros)
    const { mapping } = new DDSketch({ relativeAccuracy: RELATIVE_ERROR })
    for (const [index, count] of quantiles.bins.entries()) put(mapping.value(quantiles.from + index), count)
  }
  return counts
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
