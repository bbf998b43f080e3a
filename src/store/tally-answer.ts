// How stores answer `tallies`: from what sessions add up to, and from those that only the clock can judge.

import { ask, condensed } from '../insight/asked.ts'
import { SESSIONS } from '../insight/rolled.ts'
import { spanAt } from '../insight/rollup.ts'
import { SPAN_MS, spanOf, type Tally, tallyOf } from '../insight/tally.ts'
import type { Session } from '../trail/session.ts'
import { type Condense, gather, type LabelledSum, type RollupQuery } from './rollup-answer.ts'
import type { LabelledTally, TallyQuery } from './store.ts'

export const sumsOfTallies = ({ flow, version, spans, detail }: TallyQuery): RollupQuery => ({
  flow,
  ...(version !== undefined && { version }),
  spans,
  parts: detail === 'ways' ? ['ways'] : SESSIONS.parts,
})

export const condenseFor =
  (query: TallyQuery): Condense<Tally> =>
  (tally) =>
    condensed(tally, edgeOf(query).to)

/** A tally tells of all sessions whether they are lost, but of those that were seen last in this time, both ends included. */
export function edgeOf({ now, lostAfterMs }: TallyQuery): { readonly from: number; readonly to: number } {
  const lostSince = now - lostAfterMs
  return { from: spanOf(lostSince) * SPAN_MS, to: lostSince }
}

/** `left`: the sessions of the flow that were seen last in the time of `edgeOf` and did not complete. */
export function talliesFrom(
  query: TallyQuery,
  sums: readonly LabelledSum<Tally>[],
  left: Iterable<Session>,
): LabelledTally[] {
  const unsure = gather<Session>()
  for (const session of left) {
    const span = spanAt(query.spans, session.startedAt)
    if (span) unsure.add(span.label, session.version, session)
  }
  return sums.map(({ label, version, sum }) => ({
    label,
    version,
    asked: ask(sum, edgeOf(query).to, tallyOf(unsure.of(label, version))),
  }))
}
