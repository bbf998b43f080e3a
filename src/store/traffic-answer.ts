// How stores answer `traffic`: what events add up to, and nothing else.

import type { Condense, LabelledSum, RollupQuery } from '../rollup/answer.ts'
import { EVENT_PARTS, type EventAggregate, requestsByHour } from '../rollup/event-aggregate.ts'
import type { EventAggregateQuery, LabelledEventAggregate } from './store.ts'

export const sumsOfTraffic = ({ parts, ...query }: EventAggregateQuery): RollupQuery => ({
  ...query,
  parts: ['spans', ...EVENT_PARTS.filter((part) => part !== 'spans' && parts.includes(part))],
})

/** Spans are read in any case, and there are hundreds for each day. */
export const condenseTraffic =
  ({ parts }: EventAggregateQuery): Condense<EventAggregate> =>
  (traffic) => {
    if (parts.includes('spans')) return traffic
    return parts.includes('hours') ? requestsByHour(traffic) : { ...traffic, requests: {} }
  }

export const trafficFrom = (sums: readonly LabelledSum<EventAggregate>[]): LabelledEventAggregate[] =>
  sums.map(({ sum, ...rest }) => ({ ...rest, aggregate: sum }))
