import { describe, expect, test } from 'bun:test'
import { DDSketch } from '@datadog/sketches-js'
import fc from 'fast-check'
import { countIn, EXACT_BELOW, mergeQuantiles, NO_VALUES, quantile, quantilesOf } from './quantiles.ts'

const ms = fc.oneof(
  fc.constant(0),
  fc.nat({ max: 50 }),
  fc.nat({ max: 100_000_000 }),
  fc.nat({ max: 1_000_000 }).map((hundredths) => hundredths / 100),
)
const few = fc.array(ms, { maxLength: 60 })
/** Hundreds or thousands, so that whole and parts lie on both sides of the limit. */
const many = fc
  .tuple(fc.array(ms, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 3_000 }))
  .map(([values, length]) =>
    Array.from({ length }, (_, index) => (values[index % values.length] as number) + (index % 7)),
  )
const large = many.filter((values) => values.length >= EXACT_BELOW)

describe('quantiles', () => {
  test.each<[values: number[], at: number, value: number | undefined]>([
    [[], 0.5, undefined],
    [[7], 0.99, 7],
    [[1, 2], 0.5, 1],
    [[3, 1, 2], 0.5, 2],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.9, 90],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 1, 100],
    [[0, 0, 0, 5], 0.5, 0],
  ])('of %j at %d is %d', (values, at, value) => expect(quantile(quantilesOf(values), at)).toBe(value as number))

  test('of few values are values, of many within 1 %', () => {
    fc.assert(
      fc.property(fc.oneof(few, many, large), fc.constantFrom(0, 0.1, 0.5, 0.9, 0.95, 0.99, 1), (values, at) => {
        fc.pre(values.length > 0)
        const exact = values.toSorted((a, b) => a - b)[Math.floor(at * (values.length - 1))] as number
        const found = quantile(quantilesOf(values), at) as number
        if (values.length < EXACT_BELOW) expect(found).toBe(exact)
        else expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.01 + 1e-9)
      }),
    )
  })

  test('of many are those of a sketch that took the values one by one', () => {
    fc.assert(
      fc.property(large, fc.constantFrom(0, 0.1, 0.5, 0.9, 1), (values, at) => {
        const sketch = new DDSketch({ relativeAccuracy: 0.01 })
        for (const value of values) sketch.accept(value)
        expect(quantile(quantilesOf(values), at)).toBe(sketch.getValueAtQuantile(at))
      }),
      { numRuns: 30 },
    )
  })

  test('of parts are those of the whole, whatever the parts', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(few, many), { maxLength: 5 }), (parts) => {
        const whole = quantilesOf(parts.flat())
        expect(mergeQuantiles(parts.map(quantilesOf))).toEqual(whole)
        expect(
          mergeQuantiles([mergeQuantiles(parts.slice(0, 2).map(quantilesOf)), ...parts.slice(2).map(quantilesOf)]),
        ).toEqual(whole)
        expect(countIn(whole)).toBe(parts.flat().length)
      }),
      { numRuns: 60 },
    )
  })

  test('of nothing are nothing', () => {
    expect(mergeQuantiles([])).toEqual(NO_VALUES)
    expect(mergeQuantiles([NO_VALUES, quantilesOf([4])])).toEqual([4])
  })

  test('go through JSON', () => {
    const quantiles = quantilesOf(Array.from({ length: 3_000 }, (_, index) => index))
    expect(JSON.parse(JSON.stringify(quantiles))).toEqual(quantiles)
  })
})
