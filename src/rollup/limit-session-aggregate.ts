// Limits an aggregate of sessions, and renames another one by the names that the first has kept.

import { type Counts, getOrCreate, toCounts, total } from '../stats/counts.ts'
import { limitGroups, limitNames, OTHER_RULE, renameScreens } from './limit-names.ts'
import { ANY_PATH, abbreviated, lastScreenOnly, type OutcomeMath } from './limit-paths.ts'
import { OTHER } from './limits.ts'
import {
  ALL_SESSIONS,
  choiceOf,
  mergeOutcomes,
  type OutcomeCounts,
  otherChoiceOf,
  overlapOf,
  type SessionAggregate,
  screensOf,
} from './session-aggregate.ts'
import { countInTimeBuckets, type TimeBucketCounts } from './time-bucket-counts.ts'

const ADDING: OutcomeMath<OutcomeCounts> = {
  merge: mergeOutcomes,
  sessions: ({ completed, uncompleted }) => completed + countInTimeBuckets(uncompleted),
}

export const limitSessionAggregate = (tally: SessionAggregate): SessionAggregate => ({
  ...tally,
  ...limitNames(tally, ADDING),
})

/** With this share of the room for paths. */
export function truncatePaths(tally: SessionAggregate, share: number): SessionAggregate {
  const groups = limitGroups(tally.groups, ADDING, share)
  return groups === tally.groups ? tally : { ...tally, groups }
}

/** Roughly the memory of the paths, in bytes: only they make one aggregate much larger than another. */
export const bytesOfPaths = ({ groups }: Pick<SessionAggregate, 'groups'>): number =>
  total(
    Object.values(groups).flatMap((paths) =>
      Object.entries(paths).map(([path, { uncompleted }]) => bytesOfPath(path, uncompleted)),
    ),
  )

const bytesOfPath = (path: string, left: TimeBucketCounts): number => 100 + 2 * path.length + 8 * left.length

type NamedAggregate = Pick<SessionAggregate, 'groups' | 'factors'>

/** `part` of the same sessions, by the names in `whole`; without the names that `whole` does not have. */
export function renamedAs(whole: NamedAggregate, part: NamedAggregate): NamedAggregate {
  let screens: ReadonlySet<string> | undefined
  const screenOf = (screen: string) => {
    screens ??= new Set(Object.keys(whole.groups[ALL_SESSIONS] ?? {}).flatMap(screensOf))
    return screens.has(screen) ? screen : OTHER
  }
  const otherPaths = (path: string) => {
    const known = renameScreens(path, screenOf)
    return [known, abbreviated(known), lastScreenOnly(known), ANY_PATH]
  }
  return {
    groups: moved(part.groups, whole.groups, otherGroups, otherPaths),
    factors: moved(
      part.factors,
      whole.factors,
      () => [OTHER],
      () => [OTHER_RULE],
    ),
  }
}

function otherGroups(group: string): string[] {
  if (group === ALL_SESSIONS) return []
  const { field, isOverlap } = choiceOf(group)
  return isOverlap ? [overlapOf(OTHER)] : [otherChoiceOf(field), otherChoiceOf(OTHER)]
}

type Others = (name: string) => readonly string[]

function moved(
  part: Counts<Counts<OutcomeCounts>>,
  whole: Counts<Counts<OutcomeCounts>>,
  outer: Others,
  inner: Others,
) {
  const nameIn = (counts: Counts<unknown>, name: string, others: Others) =>
    Object.hasOwn(counts, name) ? name : others(name).find((other) => Object.hasOwn(counts, other))
  const gathered = new Map<string, Map<string, OutcomeCounts[]>>()
  for (const [group, some] of Object.entries(part)) {
    const outerName = nameIn(whole, group, outer)
    if (outerName === undefined) continue
    for (const [name, outcomes] of Object.entries(some)) {
      const innerName = nameIn(whole[outerName] ?? {}, name, inner)
      if (innerName === undefined) continue
      const inside = getOrCreate(gathered, outerName, () => new Map<string, OutcomeCounts[]>())
      getOrCreate(inside, innerName, () => []).push(outcomes)
    }
  }
  return toCounts(gathered, (some) => toCounts(some, mergeOutcomes))
}
