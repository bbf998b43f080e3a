import { rateOf } from './interval.ts'
import type { Rate } from './shapes.ts'

/** A difference of two shares, with the 95 % confidence interval of the true one. */
export type Difference = { readonly by: number; readonly low: number; readonly high: number }

/**
 * `a` less `b`, neither of none. Newcombe's interval from Wilson's of each share: it holds where shares are near 0 and 1.
 * R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17 (1998) 873–890,
 * method 10.
 */
export function differenceOf(a: Pick<Rate, 'count' | 'of'>, b: Pick<Rate, 'count' | 'of'>): Difference {
  const [one, other] = [rateOf(a.count, a.of), rateOf(b.count, b.of)]
  const [p, q] = [one.share ?? 0, other.share ?? 0]
  return {
    by: p - q,
    low: p - q - Math.hypot(p - one.low, other.high - q),
    high: p - q + Math.hypot(one.high - p, q - other.low),
  }
}
