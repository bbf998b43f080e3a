// Readings of what came to a flow, by when it was received.

import { EVENTS } from '../insight/rolled.ts'
import { HOUR_MS, type Span } from '../insight/rollup.ts'
import type { SpanTraffic, Traffic } from '../insight/traffic.ts'
import type { LabelledTraffic, TrafficQuery } from '../store/store.ts'
import type { Reader } from './reader.ts'

export type TrafficQuestion = { readonly flow: string; readonly version?: string | undefined }

/** What went wrong, how large it was, and what came without a token of its own. */
export const readContents = (reader: Reader, question: TrafficQuestion, span: Span): Promise<Traffic> =>
  read(reader, question, span, ['contents'])

/**
 * By spans of five minutes, or hours of UTC, of each version apart: all of the time asked about, and what more there is in the hours
 * of UTC that it begins and ends in. Whole hours are what stores have ready, and five minutes are of one hour on every clock.
 */
export async function readSpans(
  reader: Reader,
  question: TrafficQuestion,
  span: Span,
  detail: 'spans' | 'hours',
): Promise<[number, SpanTraffic][]> {
  const found = await ask(reader, question, wholeHours(span), [detail])
  return found.flatMap(({ traffic }) =>
    Object.entries(traffic.spans).map(([name, of]) => [Number(name), of] as [number, SpanTraffic]),
  )
}

/** The same with how long we took, all versions together. */
export const readDurations = (reader: Reader, question: TrafficQuestion, span: Span): Promise<Traffic> =>
  read(reader, question, wholeHours(span), ['spans', 'durations'])

const wholeHours = ({ from, until }: Span): Span => ({
  from: Math.floor(from / HOUR_MS) * HOUR_MS,
  until: Math.ceil(until / HOUR_MS) * HOUR_MS,
})

async function read(...asking: Parameters<typeof ask>): Promise<Traffic> {
  return EVENTS.merge((await ask(...asking)).map(({ traffic }) => traffic))
}

const ask = (
  { store }: Reader,
  { flow, version }: TrafficQuestion,
  { from, until }: Span,
  parts: TrafficQuery['parts'],
): Promise<readonly LabelledTraffic[]> =>
  store.traffic({ flow, ...(version !== undefined && { version }), spans: [{ from, until, label: 'null' }], parts })
