// How many sessions there were and how many completed: per day, and compared with the time before.

import type { Endings, Path } from '../rollup/session-statistics.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { fisherExact } from '../stats/significance.ts'
import { sessionCountOf, sumOfEndings } from './endings.ts'

export type Outcomes = Endings & {
  readonly sessions: number
  /** The share of completed sessions among the sessions that are not open. */
  readonly completion: Rate
}

export function outcomesOf(paths: readonly Path[]): Outcomes {
  const endings = sumOfEndings(paths)
  const { completed, lost } = endings
  return { ...endings, sessions: sessionCountOf(endings), completion: rateOf(completed, completed + lost) }
}

export type Change = {
  /** By how much the share has grown; null when either share is unknown. */
  readonly by: number | null
  /** Fisher's exact p: how likely a difference this large is by chance. */
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
