import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { MARGIN, NARROW, type Tick, ticksOf, WIDE, widthOf } from './ticks.ts'

const charts = fc.record({
  labels: fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 300 }),
  below: fc.constantFrom('slots' as const, 'edges' as const),
  rhythm: fc.constantFrom(undefined, 6, 7),
})

const ticksFor = ({ labels, ...more }: typeof charts extends fc.Arbitrary<infer T> ? T : never) =>
  ticksOf({ labels, slots: labels.length, ...more })

const span = ({ label, place }: Tick, plot: number) => ({
  left: place * plot - widthOf(label) / 2,
  right: place * plot + widthOf(label) / 2,
})

test('labels never overlap, nor stand out on the right, on a phone either', () => {
  fc.assert(
    fc.property(charts, (chart) => {
      const ticks = ticksFor(chart)
      for (const [plot, shown] of [
        [WIDE, ticks],
        [NARROW, ticks.filter(({ isWideOnly }) => !isWideOnly)],
      ] as const)
        for (const [index, tick] of shown.entries()) {
          const { left, right } = span(tick, plot)
          expect(right).toBeLessThanOrEqual(plot + MARGIN)
          if (index > 0) expect(left).toBeGreaterThan(span(shown[index - 1] as Tick, plot).right)
        }
    }),
  )
})

test.each([
  [7, undefined, [0, 1, 2, 3, 4, 5, 6]],
  [28, 7, [0, 7, 14, 21]],
  [72, 6, [0, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 66]],
  [91, 7, [0, 14, 28, 42, 56, 70, 84]],
])('of %d slots, in the rhythm of %p', (slots, rhythm, expected) => {
  const labels = Array.from({ length: slots }, (_, index) => `d${index}`.padEnd(slots === 72 ? 3 : 6))
  const ticks = ticksOf({ labels, slots, below: 'slots', rhythm })
  expect(ticks.map(({ label }) => Number(label.slice(1)))).toEqual(expected)
})
