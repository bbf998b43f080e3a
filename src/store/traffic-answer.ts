// How stores answer `traffic`: what events add up to, and nothing else.

import type { Traffic } from '../insight/traffic.ts'
import type { LabelledSum, RollupQuery } from './rollup-answer.ts'
import type { LabelledTraffic, TrafficQuery } from './store.ts'

export const sumsOfTraffic = ({ parts, ...query }: TrafficQuery): RollupQuery => ({
  ...query,
  parts: ['spans', ...parts],
})

export const trafficFrom = (sums: readonly LabelledSum<Traffic>[]): LabelledTraffic[] =>
  sums.map(({ sum, ...rest }) => ({ ...rest, traffic: sum }))
