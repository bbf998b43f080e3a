// Tests whether a difference is more than chance.

/** How many members of a group had a hit, how many did not, and the same outside the group. */
export type Table2x2 = {
  readonly withHit: number
  readonly withMiss: number
  readonly withoutHit: number
  readonly withoutMiss: number
}

/**
 * Fisher's exact test, two-sided: the probability of all tables with the same margins that are no more probable than this one.
 * R. A. Fisher, Statistical Methods for Research Workers, 5th ed. (1934), §21.02; two-sided as in R's fisher.test.
 *
 * Exact for small and for large counts. The probability of a table follows from that of its neighbour, so the sum goes outwards from
 * the most probable table until the terms are negligible, which takes some standard deviations of steps.
 */
export function fisherExact({ withHit, withMiss, withoutHit, withoutMiss }: Table2x2): number {
  const group = withHit + withMiss
  const others = withoutHit + withoutMiss
  const hits = withHit + withoutHit
  const least = Math.max(0, hits - others)
  const most = Math.min(group, hits)
  if (least === most) return 1
  // The probability of the table with one more hit in the group, relative to this table.
  const step = (x: number) => ((group - x) * (hits - x)) / ((x + 1) * (others - hits + x + 1))

  const mode = Math.min(most, Math.max(least, Math.floor(((hits + 1) * (group + 1)) / (group + others + 2))))
  const observed = relativeWeight(mode, withHit, step)
  let all = 1
  let asRare = isAsRare(1, observed) ? 1 : 0
  const add = (weight: number): number => {
    all += weight
    if (isAsRare(weight, observed)) asRare += weight
    return weight
  }
  for (let x = mode, weight = 1; x !== most && weight > NEGLIGIBLE; x++) weight = add(weight * step(x))
  for (let x = mode, weight = 1; x !== least && weight > NEGLIGIBLE; x--) weight = add(weight / step(x - 1))
  return Math.min(1, Math.max(asRare, observed) / all)
}

/**
 * For each p its q: the share of chance findings to expect among all results with this p or a lower one. Of the results with
 * q < 0.05, one in twenty may be chance. Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289–300.
 */
export function falseDiscoveryRates(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((a, b) => (ps[b] as number) - (ps[a] as number))
  const qs: number[] = Array.from({ length: ps.length })
  let least = 1
  for (const [position, index] of order.entries()) {
    least = Math.min(least, ((ps[index] as number) * ps.length) / (ps.length - position))
    qs[index] = least
  }
  return qs
}

/** How many times as likely a hit is in the group as outside; infinite when there is none outside. */
export const riskRatio = ({ withHit, withMiss, withoutHit, withoutMiss }: Table2x2): number =>
  withHit / (withHit + withMiss) / (withoutHit / (withoutHit + withoutMiss))

/** Rarer tables do not change the sums. A p below this is not exact. */
const NEGLIGIBLE = 1e-24

/** Tables of equal probability can differ in their last digits; R has the same tolerance. */
const isAsRare = (weight: number, observed: number): boolean => weight <= observed * (1 + 1e-7)

/** The probability of the table with `to` hits in the group, relative to the table with `from` hits. */
function relativeWeight(from: number, to: number, step: (x: number) => number): number {
  let logarithm = 0
  for (let x = from; x < to && logarithm > SMALLEST; x++) logarithm += Math.log(step(x))
  for (let x = from; x > to && logarithm > SMALLEST; x--) logarithm -= Math.log(step(x - 1))
  return Math.exp(logarithm)
}

/** The logarithm of the smallest double. */
const SMALLEST = -745
