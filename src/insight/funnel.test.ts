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
