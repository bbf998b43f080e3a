// Shares and their confidence intervals.

import type { Rate } from './shapes.ts'

/** The 97.5th percentile of the standard normal distribution. */
const Z = 1.959963984540054

/**
 * Wilson's score interval. Unlike the normal approximation it holds for small counts and for shares near 0 and 1.
 * E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212.
 */
export function rateOf(count: number, of: number): Rate {
  if (of <= 0) return { count, of: 0, share: null, low: 0, high: 1 }
  const share = count / of
  const center = (share + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of)
  const margin = (Z / (1 + Z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))
  return {
    count,
    of,
    share,
    low: count === 0 ? 0 : Math.max(0, center - margin),
    high: count === of ? 1 : Math.min(1, center + margin),
  }
}
