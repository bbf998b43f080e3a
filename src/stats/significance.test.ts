import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { falseDiscoveryRates, fisherExact, riskRatio, type Table2x2 } from './significance.ts'

const table = (withHit: number, withMiss: number, withoutHit: number, withoutMiss: number): Table2x2 => ({
  withHit,
  withMiss,
  withoutHit,
  withoutMiss,
})

describe('Fisher’s exact test', () => {
  test.each<[source: string, table: Table2x2, p: number]>([
    ['the lady tasting tea (Fisher 1935)', table(3, 1, 1, 3), 0.4857142857],
    ['convictions of twins (Fisher 1934; R’s fisher.test)', table(2, 15, 10, 3), 0.0005367241],
    ['dieting men and women (Wikipedia, Fisher’s exact test)', table(1, 11, 9, 3), 0.0027594562],
    ['all on one side', table(5, 0, 0, 5), 2 / 252],
    ['nothing ever happens', table(0, 7, 0, 9), 1],
    ['an empty group', table(0, 0, 4, 9), 1],
  ])('%s', (_, table, p) => expect(fisherExact(table)).toBeCloseTo(p, 9))

  /** The same by the book: every table with these margins, by factorials of whole numbers. */
  const byTheBook = ({ withHit, withMiss, withoutHit, withoutMiss }: Table2x2): number => {
    const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1))
    const choose = (n: number, k: number) => factorial(n) / (factorial(k) * factorial(n - k))
    const [group, others, hits] = [withHit + withMiss, withoutHit + withoutMiss, withHit + withoutHit]
    const weight = (x: number) =>
      x < 0 || x > group || hits - x < 0 || hits - x > others ? 0n : choose(group, x) * choose(others, hits - x)
    let rare = 0n
    for (let x = 0; x <= hits; x++) if (weight(x) <= weight(withHit)) rare += weight(x)
    return Number((rare * 10n ** 18n) / choose(group + others, hits)) / 1e18
  }

  test('is what adding up all tables gives, for any table', () => {
    const count = fc.nat({ max: 40 })
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        const found = table(a, b, c, d)
        expect(fisherExact(found)).toBeCloseTo(byTheBook(found), 9)
      }),
    )
  })

  test('is symmetric, and between 0 and 1, for counts of any size', () => {
    const count = fc.nat({ max: 3_000_000 })
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        const p = fisherExact(table(a, b, c, d))
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(fisherExact(table(c, d, a, b))).toBeCloseTo(p, 6)
        expect(fisherExact(table(b, a, d, c))).toBeCloseTo(p, 6)
      }),
      { numRuns: 50 },
    )
  })

  test('agrees with chi-square where that is good: 3,841 is the 5 % point of one degree of freedom', () => {
    // n = 200,000 in two equal groups; a difference with chi-square = 3.8415.
    const half = 100_000
    const difference = Math.round((Math.sqrt(3.8415 * 0.25 * (2 / half)) * half) / 2)
    expect(
      fisherExact(table(50_000 + difference, 50_000 - difference, 50_000 - difference, 50_000 + difference)),
    ).toBeCloseTo(0.05, 2)
  })
})

test('false discovery rates: the fifteen p-values of Benjamini and Hochberg (1995, section 4.1)', () => {
  const ps = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]
  const qs = falseDiscoveryRates(ps)
  // They reject the first four at 0.05.
  expect(qs.filter((q) => q < 0.05)).toHaveLength(4)
  expect(qs[0]).toBeCloseTo(0.0015, 10)
  expect(qs[3]).toBeCloseTo(0.035625, 10)
  expect(qs[5]).toBeCloseTo((0.0298 * 15) / 7, 10)
  expect(falseDiscoveryRates([...ps].reverse()).reverse()).toEqual(qs)
  expect(falseDiscoveryRates([])).toEqual([])
})

test.each([
  [table(80, 20, 10, 90), 8],
  [table(1, 1, 1, 1), 1],
  [table(1, 1, 0, 5), Number.POSITIVE_INFINITY],
])('risk ratio of %j', (table, ratio) => expect(riskRatio(table)).toBeCloseTo(ratio))
