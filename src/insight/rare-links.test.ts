import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { OTHER } from '../rollup/limits.ts'
import { total } from '../stats/counts.ts'
import { pathsOf } from './paths.ts'
import { FEW_LINKS, foldRareLinks } from './rare-links.ts'
import type { Paths } from './shapes.ts'

const screens = [...Array.from({ length: 40 }, (_, index) => `SCREEN_${index}`), OTHER]

const walks = (most: number) =>
  fc.array(
    fc.record({
      screens: fc.array(fc.constantFrom(...screens), { minLength: 1, maxLength: 12 }),
      completed: fc.nat({ max: 3 }),
      open: fc.nat({ max: 3 }),
      lost: fc.nat({ max: 3 }),
    }),
    { minLength: 1, maxLength: most },
  )

function expectBalance({ links, places }: Pick<Paths, 'links' | 'places'>): void {
  for (const { screen, entries, in: into, out, exits } of places) {
    expect(total(links.filter(({ to }) => to === screen).map(({ count }) => count))).toBe(into)
    expect(total(links.filter(({ from }) => from === screen).map(({ count }) => count))).toBe(out)
    expect(entries + into).toBe(out + total(Object.values(exits)))
  }
}

test('of any paths, every screen keeps what goes in and out, and there are few links', () => {
  fc.assert(
    fc.property(walks(300), (paths) => {
      const folded = foldRareLinks(pathsOf(paths))
      expectBalance(folded)
      expect(folded.links.length).toBeLessThanOrEqual(100 + 2 * screens.length)
      const names = folded.links.map(({ from, to }) => JSON.stringify([from, to]))
      expect(new Set(names).size).toBe(names.length)
      for (const { screen, entries, exits, in: into } of pathsOf(paths).places)
        if (screen !== OTHER)
          expect(folded.places.find((place) => place.screen === screen)).toMatchObject({ entries, exits, in: into })
    }),
    { numRuns: 60 },
  )
})

test('few links stay as they are', () => {
  const paths = pathsOf([{ screens: ['A', 'B', 'A', 'C'], completed: 1, open: 0, lost: 999 }])
  expect(paths.links.length).toBeLessThanOrEqual(FEW_LINKS)
  expect(foldRareLinks(paths)).toEqual({ links: paths.links, places: paths.places })
})

test('the rest that the report does not tell apart is on the picture', () => {
  const way = (from: number, to: number) => ({
    screens: [`S${from}`, `S${to}`],
    completed: 1,
    open: 0,
    lost: 0,
  })
  const pairs = Array.from({ length: 40 }, (_, from) => Array.from({ length: 40 }, (_, to) => way(from, to))).flat()
  const paths = pathsOf(pairs.filter(({ screens: [from, to] }) => from !== to))
  expect(paths.links.at(-1)).toMatchObject({ from: OTHER, to: OTHER })
  const folded = foldRareLinks(paths)
  expectBalance(folded)
  expect(total(folded.links.filter(({ from }) => from !== OTHER).map(({ count }) => count))).toBe(40 * 39)
})
