import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { ask } from './asked.ts'
import { SESSIONS } from './rolled.ts'
import { countsAround, mergeSpanCounts, spanCountsOf } from './span-counts.ts'
import { SPAN_MS } from './tally.ts'

test('a list has the first span, and from there how far it is to each next one', () => {
  const list = spanCountsOf(
    new Map([
      [107, 2],
      [100, 3],
      [108, 1],
    ]),
  )
  expect(list).toEqual([100, 3, 7, 2, 1, 1])
  expect(countsAround(list, 107)).toEqual({ before: 3, within: 2, after: 1 })
  expect(countsAround(list, 101)).toEqual({ before: 3, within: 0, after: 3 })
  expect(mergeSpanCounts([list, [107, 5], []])).toEqual([100, 3, 7, 7, 1, 1])
})

test('lists of parts merge into that of the whole, and leave out nobody on either side of any span', () => {
  const seen = fc.array(fc.integer({ min: -50, max: 50 }))
  const listOf = (spans: readonly number[]) =>
    spanCountsOf(new Map([...Map.groupBy(spans, (span) => span)].map(([span, those]) => [span, those.length])))
  fc.assert(
    fc.property(fc.array(seen), fc.integer({ min: -60, max: 60 }), (parts, middle) => {
      const merged = mergeSpanCounts(parts.map(listOf))
      expect(merged).toEqual(listOf(parts.flat()))
      expect(countsAround(merged, middle)).toEqual({
        before: parts.flat().filter((span) => span < middle).length,
        within: parts.flat().filter((span) => span === middle).length,
        after: parts.flat().filter((span) => span > middle).length,
      })
    }),
  )
})

test('rollups that have them by name, as they were kept at first, are read and merged like any other', () => {
  const byName = SESSIONS.fromParts({ ways: '{"[\\"SERVICE\\"]":{"completed":1,"left":{"100":2,"107":3}}}' })
  const asList = SESSIONS.fromParts({ ways: '{"[\\"SERVICE\\"]":{"completed":4,"left":[100,5]}}' })
  const { ways } = ask(SESSIONS.merge([byName, asList]), 101 * SPAN_MS)
  expect(ways).toEqual([{ screens: ['SERVICE'], completed: 5, lost: 7, open: 3 }])
})
