import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { countsAround, mergeTimeBucketCounts, timeBucketCountsOf } from './time-bucket-counts.ts'

test('a list has the first span, and from there how far it is to each next one', () => {
  const list = timeBucketCountsOf(
    new Map([
      [107, 2],
      [100, 3],
      [108, 1],
    ]),
  )
  expect(list).toEqual([100, 3, 7, 2, 1, 1])
  expect(countsAround(list, 107)).toEqual({ before: 3, within: 2, after: 1 })
  expect(countsAround(list, 101)).toEqual({ before: 3, within: 0, after: 3 })
  expect(mergeTimeBucketCounts([list, [107, 5], []])).toEqual([100, 3, 7, 7, 1, 1])
})

test('lists of parts merge into that of the whole, and leave out nobody on either side of any span', () => {
  const seen = fc.array(fc.integer({ min: -50, max: 50 }))
  const listOf = (spans: readonly number[]) =>
    timeBucketCountsOf(new Map([...Map.groupBy(spans, (span) => span)].map(([span, those]) => [span, those.length])))
  fc.assert(
    fc.property(fc.array(seen), fc.integer({ min: -60, max: 60 }), (parts, middle) => {
      const merged = mergeTimeBucketCounts(parts.map(listOf))
      expect(merged).toEqual(listOf(parts.flat()))
      expect(countsAround(merged, middle)).toEqual({
        before: parts.flat().filter((span) => span < middle).length,
        within: parts.flat().filter((span) => span === middle).length,
        after: parts.flat().filter((span) => span > middle).length,
      })
    }),
  )
})
