import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { rateOf } from './interval.ts'

test.each<[count: number, of: number, low: number, high: number]>([
  // E. B. Wilson's interval as published for these counts in R. G. Newcombe, Stat. Med. 17 (1998) 857–872, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%d of %d lie between %d and %d', (count, of, low, high) => {
  const rate = rateOf(count, of)
  expect(rate.share).toBe(count / of)
  expect(rate.low).toBeCloseTo(low, 4)
  expect(rate.high).toBeCloseTo(high, 4)
})

test('of nothing, nothing is known', () =>
  expect(rateOf(0, 0)).toEqual({ count: 0, of: 0, share: null, low: 0, high: 1 }))

test('the share lies within, and within 0 and 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.nat({ max: 10_000_000 }), (of, some) => {
      const { share, low, high } = rateOf(some % (of + 1), of)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(Number(share)).toBeGreaterThanOrEqual(low)
      expect(Number(share)).toBeLessThanOrEqual(high)
    }),
  )
})
