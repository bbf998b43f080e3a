// How stores answer `traffic`: what events add up to, and nothing else.

import { byHour, TRAFFIC_PARTS, type Traffic } from '../insight/traffic.ts'
import type { Condense, LabelledSum, RollupQuery } from './rollup-answer.ts'
import type { LabelledTraffic, TrafficQuery } from './store.ts'

export const sumsOfTraffic = ({ parts, ...query }: TrafficQuery): RollupQuery => ({
  ...query,
  parts: ['spans', ...TRAFFIC_PARTS.filter((part) => part !== 'spans' && parts.includes(part))],
})

/** Spans are read in any case, and there are hundreds for each day. */
export const condenseTraffic =
  ({ parts }: TrafficQuery): Condense<Traffic> =>
  (traffic) => {
    if (parts.includes('spans')) return traffic
    return parts.includes('hours') ? byHour(traffic) : { ...traffic, spans: {} }
  }

export const trafficFrom = (sums: readonly LabelledSum<Traffic>[]): LabelledTraffic[] =>
  sums.map(({ sum, ...rest }) => ({ ...rest, traffic: sum }))
