import pMap from 'p-map'
import type { LabelledSpan } from '../../rollup/storage.ts'
import { type Span, withoutGaps } from '../../rollup/time.ts'

/** Spans that touch, as one. */
export type Run = Span & { readonly spans: readonly LabelledSpan[] }

/** Reads each run of spans that touch, a few at a time to bound memory: with midnight at half past there are hundreds. */
export const readRuns = (spans: readonly LabelledSpan[], read: (run: Run) => Promise<void>): Promise<unknown> =>
  pMap(runsIn(spans), read, { concurrency: RUNS_AT_ONCE })

const RUNS_AT_ONCE = 4

/** In order; empty spans are left out. */
const runsIn = (all: readonly LabelledSpan[]): Run[] =>
  withoutGaps(
    all.filter(({ from, until }) => from < until),
    (next, last) => next.from === last.until,
  ).map((spans) => ({ from: (spans[0] as Span).from, until: (spans.at(-1) as Span).until, spans }))
