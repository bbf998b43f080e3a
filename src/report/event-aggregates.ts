// Reads what a flow received, by the instant it was received.

import { HOUR_MS } from '../lib/units.ts'
import type { EventAggregate, RequestCounts } from '../rollup/event-aggregate.ts'
import { EVENT_ROLLUPS } from '../rollup/kinds.ts'
import type { EventAggregateQuery, LabelledEventAggregate } from '../rollup/rollups.ts'
import type { Span } from '../rollup/time.ts'
import type { ReportContext } from './context.ts'
import type { Period } from './period.ts'

type FlowVersion = { readonly flow: string; readonly version?: string | undefined }

/** Errors, payloads, and requests without a token of their own. */
export const readContents = async (
  context: ReportContext,
  { period, ...query }: FlowVersion & { readonly period: Period },
): Promise<EventAggregate> =>
  mergedFrom(await read(context, query, { from: period.startsAt, until: period.endsAt }, ['contents']))

/**
 * Requests by five minutes or by hour of UTC, one entry for each version. The answer covers the span and the rest of the hours of
 * UTC that it begins and ends in: stores have whole hours ready, and five minutes lie within one hour on every clock.
 */
export async function readRequests(
  context: ReportContext,
  query: FlowVersion,
  span: Span,
  detail: 'requests' | 'requestsByHour',
): Promise<[bucket: number, counts: RequestCounts][]> {
  const found = await read(context, query, wholeHours(span), [detail])
  return found.flatMap(({ aggregate }) =>
    Object.entries(aggregate.requests).map(([bucket, counts]) => [Number(bucket), counts] as [number, RequestCounts]),
  )
}

/** Requests by five minutes and our time over them, all versions together. */
export const readDurations = async (context: ReportContext, query: FlowVersion, span: Span): Promise<EventAggregate> =>
  mergedFrom(await read(context, query, wholeHours(span), ['requests', 'durations']))

const wholeHours = ({ from, until }: Span): Span => ({
  from: Math.floor(from / HOUR_MS) * HOUR_MS,
  until: Math.ceil(until / HOUR_MS) * HOUR_MS,
})

const mergedFrom = (found: readonly LabelledEventAggregate[]): EventAggregate =>
  EVENT_ROLLUPS.merge(found.map(({ aggregate }) => aggregate))

const read = (
  { rollups }: ReportContext,
  { flow, version }: FlowVersion,
  { from, until }: Span,
  parts: EventAggregateQuery['parts'],
): Promise<readonly LabelledEventAggregate[]> =>
  rollups.eventAggregates({
    flow,
    ...(version !== undefined && { version }),
    spans: [{ from, until, label: 'null' }],
    parts,
  })
