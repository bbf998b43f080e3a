import pMap from 'p-map'
import type { LabelledSpan } from '../../rollup/storage.ts'
import type { Span } from '../../rollup/time.ts'

/** Spans that touch, as one. */
export type Run = Span & { readonly spans: readonly LabelledSpan[] }

/** Reads each run of spans that touch, a few at a time to bound memory: with midnight at half past there are hundreds. */
export const readRuns = (spans: readonly LabelledSpan[], read: (run: Run) => Promise<void>): Promise<unknown> =>
  pMap(runsIn(spans), read, { concurrency: RUNS_AT_ONCE })

const RUNS_AT_ONCE = 4

/** In order; empty spans are left out. */
function runsIn(spans: readonly LabelledSpan[]): Run[] {
  const runs: { from: number; until: number; spans: LabelledSpan[] }[] = []
  for (const span of spans) {
    if (span.from >= span.until) continue
    const last = runs.at(-1)
    if (last?.until === span.from) {
      last.until = span.until
      last.spans.push(span)
    } else runs.push({ from: span.from, until: span.until, spans: [span] })
  }
  return runs
}
