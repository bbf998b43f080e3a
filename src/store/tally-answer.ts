// How stores answer `tallies`: from what sessions add up to, and from those that only the clock can judge.

import { ask, condensed } from '../insight/asked.ts'
import { SESSIONS } from '../insight/rolled.ts'
import { spanAt } from '../insight/rollup.ts'
import { SPAN_MS, spanOf, type Tally } from '../insight/tally.ts'
import type { Session } from '../trail/session.ts'
import { type Condense, type LabelledSum, type RollupQuery, startAnswer } from './rollup-answer.ts'
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

export type Edge = {
  add(sessions: Iterable<Session>): void
  end(): readonly LabelledSum<Tally>[]
}

/** What those sessions add up to that were seen last in the time of `edgeOf` and did not complete. */
export function startEdge(query: TallyQuery): Edge {
  const answer = startAnswer(SESSIONS, sumsOfTallies(query).parts, (tally) => tally)
  return {
    add(sessions) {
      for (const [label, some] of Map.groupBy(sessions, ({ startedAt }) => spanAt(query.spans, startedAt)?.label))
        if (label !== undefined) answer.addItems(label, some)
    },
    end: answer.end,
  }
}

/** How many of them are gone through at a time. */
export const EDGE_PORTION = 500

export function talliesFrom(
  query: TallyQuery,
  sums: readonly LabelledSum<Tally>[],
  edge: readonly LabelledSum<Tally>[],
): LabelledTally[] {
  const keyOf = ({ label, version }: LabelledSum<Tally>) => JSON.stringify([label, version])
  const edges = new Map(edge.map((each) => [keyOf(each), each.sum]))
  return sums.map((each) => ({
    label: each.label,
    version: each.version,
    asked: ask(each.sum, edgeOf(query).to, edges.get(keyOf(each))),
  }))
}
