// Readings of what came to a flow, by when it was received.

import { HOUR_MS, type Span } from '../insight/rollup.ts'
import { mergeTraffic, type Traffic } from '../insight/traffic.ts'
import type { TrafficQuery } from '../store/store.ts'
import type { Reader } from './reader.ts'

export type TrafficQuestion = { readonly flow: string; readonly version?: string | undefined }

/** What went wrong, how large it was, and what came without a token of its own. */
export const readContents = (reader: Reader, question: TrafficQuestion, span: Span): Promise<Traffic> =>
  read(reader, question, span, ['contents'])

/**
 * By spans of five minutes: all of the time asked about, and what more there is in the hours of UTC that it begins and ends in.
 * Whole hours are what stores have ready, and five minutes are of one hour on every clock.
 */
export async function readSpans(
  reader: Reader,
  question: TrafficQuestion,
  { from, until }: Span,
  parts: readonly 'durations'[] = [],
): Promise<Pick<Traffic, 'spans' | 'durations'>> {
  const hours = { from: Math.floor(from / HOUR_MS) * HOUR_MS, until: Math.ceil(until / HOUR_MS) * HOUR_MS }
  return read(reader, question, hours, parts)
}

async function read(
  { store }: Reader,
  { flow, version }: TrafficQuestion,
  { from, until }: Span,
  parts: TrafficQuery['parts'],
): Promise<Traffic> {
  const spans = [{ from, until, label: 'null' }]
  const found = await store.traffic({ flow, ...(version !== undefined && { version }), spans, parts })
  const [only, ...others] = found
  return only && others.length === 0 ? only.traffic : mergeTraffic(found.map(({ traffic }) => traffic))
}
