import { expect, test } from 'bun:test'
import { type FunnelQuery, funnelOf } from './funnel.ts'

/** One person who went this way, from SERVICE to DATE. */
const funnelTo = (screens: readonly string[], more: Omit<FunnelQuery, 'steps'>) =>
  funnelOf([{ screens, completed: 0, open: 0, lost: 1 }], { steps: [['SERVICE'], ['DATE']], ...more })

test.each<[path: string[], excluded: number]>([
  [['SERVICE', 'HELP', 'DATE'], 1],
  [['SERVICE', 'HELP'], 1],
  [['SERVICE', 'FAQ', 'HELP', 'DATE'], 1],
  [['HELP', 'SERVICE', 'DATE'], 0],
  [['SERVICE', 'DATE', 'HELP'], 0],
  [['SERVICE', 'FAQ', 'DATE', 'HELP'], 0],
  [['HELP', 'DATE'], 0],
])('on the path %j HELP leaves out %p, in strict order too', (path, excluded) => {
  for (const isStrict of [false, true]) expect(funnelTo(path, { isStrict, exclude: ['HELP'] }).excluded).toBe(excluded)
})

test.each<[path: string[], excluded: number]>([
  [['SERVICE', 'CONTACT', 'DATE'], 0],
  [['SERVICE', 'CONTACT', 'DATE', 'CONTACT', 'DATE'], 0],
  [['DATE', 'SERVICE', 'CONTACT'], 0],
  [['SERVICE', 'DATE', 'CONTACT', 'DATE'], 1],
  [['SERVICE', 'DATE'], 1],
])(
  'of the steps SERVICE, CONTACT, DATE, the path %j is left out with DATE only if that came out of order: %p',
  (screens, excluded) => {
    const steps = [['SERVICE'], ['CONTACT'], ['DATE']]
    for (const windowMs of [undefined, 1_000, 10_000]) {
      // Late on the third screen, for the shorter window.
      const path = { screens, shownAt: [0, 900, 5_000, 5_900, 6_800], completed: 0, open: 0, lost: 1 }
      expect(funnelOf([path], { steps, exclude: ['DATE'], windowMs }).excluded).toBe(excluded)
    }
  },
)

test.each<[path: string[], reached: number[]]>([
  [
    ['SERVICE', 'SERVICE', 'DATE'],
    [1, 1],
  ],
  [
    ['SERVICE', 'FAQ', 'DATE'],
    [1, 0],
  ],
  [
    ['FAQ', 'SERVICE', 'DATE'],
    [1, 1],
  ],
])('in strict order %j reaches %j', (path, reached) => {
  expect(funnelTo(path, { isStrict: true }).steps.map((step) => step.reached)).toEqual(reached)
})
