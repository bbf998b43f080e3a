// Readings of what came to a flow, by when it was received.

import type { Counts } from '../insight/counts.ts'
import { HOUR_MS, type Span } from '../insight/rollup.ts'
import { mergeTraffic, type SpanTraffic, type Traffic } from '../insight/traffic.ts'
import type { TrafficQuery } from '../store/store.ts'
import type { Reader } from './reader.ts'

export type TrafficQuestion = { readonly flow: string; readonly version?: string | undefined }

export const readTraffic = (reader: Reader, question: TrafficQuestion, span: Span): Promise<Traffic> =>
  read(reader, question, span, 'all')

/**
 * By spans of five minutes: all of the time asked about, and what more there is in the hours of UTC that it begins and ends in.
 * Whole hours are what stores have ready, and five minutes are of one hour on every clock.
 */
export async function readSpans(
  reader: Reader,
  question: TrafficQuestion,
  { from, until }: Span,
): Promise<Counts<SpanTraffic>> {
  const hours = { from: Math.floor(from / HOUR_MS) * HOUR_MS, until: Math.ceil(until / HOUR_MS) * HOUR_MS }
  return (await read(reader, question, hours, 'spans')).spans
}

async function read(
  { store }: Reader,
  { flow, version }: TrafficQuestion,
  { from, until }: Span,
  detail: TrafficQuery['detail'],
): Promise<Traffic> {
  const spans = [{ from, until, label: 'null' }]
  const found = await store.traffic({ flow, ...(version !== undefined && { version }), spans, detail })
  const [only, ...others] = found
  return only && others.length === 0 ? only.traffic : mergeTraffic(found.map(({ traffic }) => traffic))
}
