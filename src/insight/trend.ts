// How many sessions there were and how many completed: per day, and compared with the time before.

import type { Path } from '../rollup/session-statistics.ts'
import { rateOf } from '../stats/interval.ts'
import type { Rate } from '../stats/shapes.ts'
import { fisherExact } from '../stats/significance.ts'
import { sessionCountOf, sumOfEndings } from './endings.ts'
import type { Change, Outcomes } from './shapes.ts'

export function outcomesOf(paths: readonly Path[]): Outcomes {
  const endings = sumOfEndings(paths)
  const { completed, lost } = endings
  return { ...endings, sessions: sessionCountOf(endings), completion: rateOf(completed, completed + lost) }
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
