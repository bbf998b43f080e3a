// The health of a flow by Meta's own measures: how slow it was, and how much went wrong, in the last half hour or hour.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/healthmonitoring

import { type EventAggregate, HOUR_BUCKETS, type RequestCounts } from '../rollup/event-aggregate.ts'
import { type Counts, total, totalOf } from '../stats/counts.ts'
import { rateOf } from '../stats/interval.ts'
import { countIn, mergeQuantiles, type Quantiles, quantile } from '../stats/quantiles.ts'
import { refusalsIn } from './errors.ts'

/** Meta sends an alert at each of these: p90 in milliseconds, and shares. The first is the mildest. */
export const LATENCY_LEVELS = { '1s': 1_000, '5s': 5_000, '7s': 7_000 } as const
export const SHARE_LEVELS = { '5%': 0.05, '10%': 0.1, '50%': 0.5 } as const

/** Fewer requests have no level. */
export const LEAST_REQUESTS = 20

/** Whole buckets, including the current one: a half hour is 25 to 30 minutes. */
export const HALF_HOUR_BUCKETS = HOUR_BUCKETS / 2

/** The highest level reached. */
export type Level<L extends object> = 'too_few_requests' | 'ok' | (keyof L & string)

/** The requests of each bucket. */
export type Received = {
  readonly answered: Pick<EventAggregate, 'requests' | 'durations'>
  /** By category; null: unknown. */
  readonly refusedIn: (bucket: number) => Counts | null
}

/** At the end of this bucket. */
export function healthAt({ answered, refusedIn }: Received, bucket: number) {
  const last = (buckets: number) => Array.from({ length: buckets }, (_, index) => bucket - index)
  const answeredIn = (buckets: number) => last(buckets).flatMap((each) => answered.requests[each] ?? [])
  const halfHour = answeredIn(HALF_HOUR_BUCKETS)
  const hour = answeredIn(HOUR_BUCKETS)
  const sum = (all: readonly RequestCounts[], of: (counts: RequestCounts) => number) => total(all.map(of))
  const requests = sum(halfHour, (counts) => counts.requests)
  const timedOut = sum(halfHour, (counts) => counts.timedOut)
  return {
    latencyMs: latencyHealth(last(HALF_HOUR_BUCKETS).flatMap((each) => [answered.durations[each] ?? []])),
    endpointErrors: endpointErrorsOf(requests, timedOut, last(HALF_HOUR_BUCKETS).map(refusedIn)),
    clientErrors: shareHealth(
      sum(hour, ({ withErrors }) => withErrors.client ?? 0),
      sum(hour, (counts) => counts.requests),
    ),
    failed: rateOf(
      sum(halfHour, (counts) => counts.failed),
      requests,
    ),
  }
}

function latencyHealth(durations: readonly Quantiles[]) {
  const measured = mergeQuantiles(durations)
  const n = countIn(measured)
  if (n === 0) return { n, level: 'too_few_requests' as const }
  const p90 = quantile(measured, 0.9) as number
  return { n, p50: quantile(measured, 0.5) as number, p90, level: levelOf(LATENCY_LEVELS, p90, n) }
}

/** A refused token is no error: Meta has a status for it, and the person sees our message. */
function endpointErrorsOf(requests: number, timedOut: number, buckets: readonly (Counts | null)[]) {
  const refused = refusalsIn(buckets)
  if (!refused) return null
  const wrong = totalOf(refused) - refused.token_refused + timedOut
  return { ...shareHealth(wrong, requests + totalOf(refused)), timedOut, refused }
}

function shareHealth(count: number, of: number) {
  const rate = rateOf(count, of)
  return { ...rate, level: levelOf(SHARE_LEVELS, rate.share ?? 0, of) }
}

function levelOf<L extends { readonly [name: string]: number }>(levels: L, value: number, n: number): Level<L> {
  if (n < LEAST_REQUESTS) return 'too_few_requests'
  const reached = Object.entries(levels).findLast(([, least]) => value >= least)
  return (reached?.[0] as Level<L> | undefined) ?? 'ok'
}
