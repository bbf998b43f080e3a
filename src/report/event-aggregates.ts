// Readings of what came to a flow, by when it was received.

import type { EventAggregate, RequestCounts } from '../rollup/event-aggregate.ts'
import { EVENT_ROLLUPS } from '../rollup/kinds.ts'
import type { EventAggregateQuery, LabelledEventAggregate } from '../rollup/rollups.ts'
import { HOUR_MS, type Span } from '../rollup/time.ts'
import type { ReportContext } from './context.ts'

export type TrafficQuestion = { readonly flow: string; readonly version?: string | undefined }

/** What went wrong, how large it was, and what came without a token of its own. */
export const readContents = (reader: ReportContext, question: TrafficQuestion, span: Span): Promise<EventAggregate> =>
  read(reader, question, span, ['contents'])

/**
 * By spans of five minutes, or hours of UTC, of each version apart: all of the time asked about, and what more there is in the hours
 * of UTC that it begins and ends in. Whole hours are what stores have ready, and five minutes are of one hour on every clock.
 */
export async function readSpans(
  reader: ReportContext,
  question: TrafficQuestion,
  span: Span,
  detail: 'requests' | 'requestsByHour',
): Promise<[number, RequestCounts][]> {
  const found = await ask(reader, question, wholeHours(span), [detail])
  return found.flatMap(({ aggregate }) =>
    Object.entries(aggregate.requests).map(([name, of]) => [Number(name), of] as [number, RequestCounts]),
  )
}

/** The same with how long we took, all versions together. */
export const readDurations = (reader: ReportContext, question: TrafficQuestion, span: Span): Promise<EventAggregate> =>
  read(reader, question, wholeHours(span), ['requests', 'durations'])

const wholeHours = ({ from, until }: Span): Span => ({
  from: Math.floor(from / HOUR_MS) * HOUR_MS,
  until: Math.ceil(until / HOUR_MS) * HOUR_MS,
})

async function read(...asking: Parameters<typeof ask>): Promise<EventAggregate> {
  return EVENT_ROLLUPS.merge((await ask(...asking)).map(({ aggregate }) => aggregate))
}

const ask = (
  { rollups }: ReportContext,
  { flow, version }: TrafficQuestion,
  { from, until }: Span,
  parts: EventAggregateQuery['parts'],
): Promise<readonly LabelledEventAggregate[]> =>
  rollups.eventAggregates({
    flow,
    ...(version !== undefined && { version }),
    spans: [{ from, until, label: 'null' }],
    parts,
  })
