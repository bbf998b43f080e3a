// How many sessions there were and how many completed: per day, and compared with the time before.

import type { Path } from '../rollup/session-statistics.ts'
import { rateOf } from '../stats/interval.ts'
import type { Rate } from '../stats/shapes.ts'
import { fisherExact } from '../stats/significance.ts'
import { sessionCountOf, sumOfEndings } from './endings.ts'
import type { Change, Outcomes, VersionOfDay } from './shapes.ts'

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

/** The first day of each version among these, from the day `since` on. Those of the first day of all are new to nobody. */
export function newVersionsIn(found: readonly VersionOfDay[], since: string): VersionOfDay[] {
  const firstDays = new Map<string, string>()
  for (const { day, version } of found) {
    const known = firstDays.get(version)
    if (known === undefined || day < known) firstDays.set(version, day)
  }
  const versions = [...firstDays].map(([version, day]) => ({ version, day }))
  const byDay = versions.toSorted((a, b) => (a.day + a.version < b.day + b.version ? -1 : 1))
  return byDay.filter(({ day }) => day > (byDay[0]?.day ?? '') && day >= since)
}
