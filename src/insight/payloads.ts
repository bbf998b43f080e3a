// How large requests and replies are, screen by screen.

import { own } from '../lib/json.ts'
import type { EventAggregate, Sizes } from '../rollup/event-aggregate.ts'
import { type Counts, merged } from '../stats/counts.ts'
import { countIn, quantile } from '../stats/quantiles.ts'
import type { ScreenPayloads } from './shapes.ts'

/** The screen with the largest payload first. */
export function payloadsOf(
  { requestBytes, replyBytes }: Pick<EventAggregate, 'requestBytes' | 'replyBytes'>,
  limit: number,
): ScreenPayloads[] {
  const screens = Object.keys(merged<Sizes>([requestBytes, replyBytes], ([sizes]) => sizes as Sizes))
  const spread = (sizes: Counts<Sizes>, screen: string) => sizeSpreadOf(own(sizes, screen), limit)
  return screens
    .map((screen) => ({ screen, request: spread(requestBytes, screen), reply: spread(replyBytes, screen) }))
    .sort((a, b) => largestIn(b) - largestIn(a))
}

function sizeSpreadOf(sizes: Sizes | undefined, limit: number): ScreenPayloads['reply'] {
  if (!sizes) return { n: 0 }
  const { bytes, largest: max } = sizes
  const at = (share: number) => quantile(bytes, share) as number
  return { n: countIn(bytes), p50: at(0.5), p99: at(0.99), max, ofLimit: max / limit }
}

const largestIn = ({ request, reply }: ScreenPayloads): number => Math.max(request.max ?? 0, reply.max ?? 0)
