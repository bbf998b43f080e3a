// Sums of sessions by how they ended.

import type { Endings } from '../rollup/session-statistics.ts'
import { total } from '../stats/counts.ts'

export const sessionCountOf = ({ completed, open, lost }: Endings): number => completed + open + lost

export const sessionsIn = (all: readonly Endings[]): number => total(all.map(sessionCountOf))

export function sumOfEndings(all: Iterable<Endings>): Endings {
  const sum = { completed: 0, open: 0, lost: 0 }
  for (const { completed, open, lost } of all) {
    sum.completed += completed
    sum.open += open
    sum.lost += lost
  }
  return sum
}
