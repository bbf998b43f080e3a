// How a flow does in the terms in which Meta watches endpoints: what of the last half hour, or hour, is slow or wrong.
// https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/healthmonitoring

import { type EventAggregate, HOUR_BUCKETS, type RequestCounts } from '../rollup/event-aggregate.ts'
import { type Counts, merged, total, totalOf } from '../stats/counts.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { countIn, mergeQuantiles, type Quantiles, quantile } from '../stats/quantiles.ts'

/** At each of these Meta sends an alert: p90, milliseconds, and shares. The first is the mildest. */
export const LATENCY_LEVELS = { '1s': 1_000, '5s': 5_000, '7s': 7_000 } as const
export const SHARE_LEVELS = { '5%': 0.05, '10%': 0.1, '50%': 0.5 } as const

/** Of fewer requests no level is told. */
export const LEAST_REQUESTS = 20

/** Whole spans, the one under way among them: of half an hour there are 25 to 30 minutes. */
export const HALF_HOUR_BUCKETS = HOUR_BUCKETS / 2

/** The highest level that is reached. */
export type Level<L extends object> = 'too_few_requests' | 'ok' | keyof L

export type Health = {
  /** The span that the windows end with. */
  readonly span: number
  /** Our time over each request that we answered within half an hour, milliseconds; the level is that of p90. */
  readonly latency: {
    readonly n: number
    readonly p50?: number
    readonly p90?: number
    readonly level: Level<typeof LATENCY_LEVELS>
  }
  /** Of all requests of half an hour those refused, but for their token, and those answered too late. Undefined: not known. */
  readonly endpointErrors: (ShareHealth & { readonly timedOut: number; readonly refused: Counts }) | undefined
  /** Of the requests answered within an hour those that reported an error of the client. */
  readonly clientErrors: ShareHealth
  /** Of the requests answered within half an hour those that got our failure message, which for Meta are no errors. */
  readonly failed: Rate
}

export type ShareHealth = Rate & { readonly level: Level<typeof SHARE_LEVELS> }

/** What came in each span; `refused` by category, undefined where that is not known. */
export type Received = {
  readonly answered: Pick<EventAggregate, 'requests' | 'durations'>
  readonly refusedIn: (bucket: number) => Counts | undefined
}

/** As of the end of this span. */
export function healthAt({ answered, refusedIn }: Received, span: number): Health {
  const last = (spans: number) => Array.from({ length: spans }, (_, index) => span - index)
  const answeredIn = (spans: number) => last(spans).flatMap((each) => answered.requests[each] ?? [])
  const halfHour = answeredIn(HALF_HOUR_BUCKETS)
  const hour = answeredIn(HOUR_BUCKETS)
  const sum = (some: readonly RequestCounts[], of: (counts: RequestCounts) => number) => total(some.map(of))
  const requests = sum(halfHour, (counts) => counts.requests)
  const timedOut = sum(halfHour, (counts) => counts.timedOut)
  return {
    span,
    latency: latencyOf(last(HALF_HOUR_BUCKETS).flatMap((each) => [answered.durations[each] ?? []])),
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

function latencyOf(durations: readonly Quantiles[]): Health['latency'] {
  const measured = mergeQuantiles(durations)
  const n = countIn(measured)
  if (n === 0) return { n, level: 'too_few_requests' }
  const p90 = quantile(measured, 0.9) as number
  return { n, p50: quantile(measured, 0.5) as number, p90, level: levelOf(LATENCY_LEVELS, p90, n) }
}

/** A refused token is what the answer was meant to be: Meta has a status for it, and the person sees a message of ours. */
function endpointErrorsOf(requests: number, timedOut: number, spans: readonly (Counts | undefined)[]) {
  const known = spans.filter((refused) => refused !== undefined)
  if (known.length < spans.length) return undefined
  const refused = merged(known, total)
  const wrong = totalOf(refused) - (refused.token_refused ?? 0) + timedOut
  return { ...shareHealth(wrong, requests + totalOf(refused)), timedOut, refused }
}

function shareHealth(count: number, of: number): ShareHealth {
  const rate = rateOf(count, of)
  return { ...rate, level: levelOf(SHARE_LEVELS, rate.share ?? 0, of) }
}

function levelOf<L extends { readonly [name: string]: number }>(levels: L, value: number, n: number): Level<L> {
  if (n < LEAST_REQUESTS) return 'too_few_requests'
  const reached = Object.entries(levels).findLast(([, least]) => value >= least)
  return (reached?.[0] as keyof L | undefined) ?? 'ok'
}
