// How stores answer `tallies`: from what sessions add up to, and from those that only the clock can judge.

import { type Condense, type LabelledSum, type RollupQuery, startAnswer } from '../rollup/answer.ts'
import { SESSION_ROLLUPS } from '../rollup/kinds.ts'
import { type SessionAggregate, TIME_BUCKET_MS, timeBucketOf } from '../rollup/session-aggregate.ts'
import { condenseOutcomes, sessionStatistics } from '../rollup/session-statistics.ts'
import { spanAt } from '../rollup/time.ts'
import type { Session } from '../trail/session.ts'
import type { LabelledStatistics, StatisticsQuery } from './store.ts'

export const sumsOfTallies = ({ flow, version, spans, detail }: StatisticsQuery): RollupQuery => ({
  flow,
  ...(version !== undefined && { version }),
  spans,
  parts: detail === 'paths' ? ['paths'] : SESSION_ROLLUPS.parts,
})

export const condenseFor =
  (query: StatisticsQuery): Condense<SessionAggregate> =>
  (tally) =>
    condenseOutcomes(tally, edgeOf(query).to)

/** A tally tells of all sessions whether they are lost, but of those that were seen last in this time, both ends included. */
export function edgeOf({ now, lostAfterMs }: StatisticsQuery): { readonly from: number; readonly to: number } {
  const lostSince = now - lostAfterMs
  return { from: timeBucketOf(lostSince) * TIME_BUCKET_MS, to: lostSince }
}

export type Edge = {
  add(sessions: Iterable<Session>): void
  end(): readonly LabelledSum<SessionAggregate>[]
}

/** What those sessions add up to that were seen last in the time of `edgeOf` and did not complete. */
export function startEdge(query: StatisticsQuery): Edge {
  const answer = startAnswer(SESSION_ROLLUPS, sumsOfTallies(query).parts, (tally) => tally)
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
  query: StatisticsQuery,
  sums: readonly LabelledSum<SessionAggregate>[],
  edge: readonly LabelledSum<SessionAggregate>[],
): LabelledStatistics[] {
  const keyOf = ({ label, version }: LabelledSum<SessionAggregate>) => JSON.stringify([label, version])
  const edges = new Map(edge.map((each) => [keyOf(each), each.sum]))
  return sums.map((each) => ({
    label: each.label,
    version: each.version,
    statistics: sessionStatistics(each.sum, edgeOf(query).to, edges.get(keyOf(each))),
  }))
}
