// How many came, and came through: per day, and against the time before.

import type { Endings, Path } from '../rollup/session-statistics.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { fisherExact } from '../stats/significance.ts'

export type Outcomes = Endings & {
  readonly sessions: number
  /** The share of those that are not open. */
  readonly completion: Rate
}

export function outcomesOf(paths: readonly Path[]): Outcomes {
  const sums = { completed: 0, open: 0, lost: 0 }
  for (const { completed, open, lost } of paths) {
    sums.completed += completed
    sums.open += open
    sums.lost += lost
  }
  const { completed, open, lost } = sums
  return { ...sums, sessions: completed + open + lost, completion: rateOf(completed, completed + lost) }
}

export type Change = {
  /** By how much the share has grown; null when either is unknown. */
  readonly by: number | null
  /** Fisher's exact p of a difference as large by chance. */
  readonly p: number
}

export const changeOf = (before: Rate, after: Rate): Change => ({
  by: before.share === null || after.share === null ? null : after.share - before.share,
  p: fisherExact({
    withHit: after.count,
    withMiss: after.of - after.count,
    withoutHit: before.count,
    withoutMiss: before.of - before.count,
  }),
})
