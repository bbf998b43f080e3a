// People by what they have in common: a choice, a version, a weekday, an hour.

import type { TimedPath } from '../insight/funnel.ts'
import { largest } from '../rollup/largest-names.ts'
import { MOST_ROWS } from '../rollup/limits.ts'
import { total } from '../stats/counts.ts'
import { type ChoiceFilter, choicesIn, chosenPaths, type Slice } from './slices.ts'

export type PeopleGroups = {
  /** By the value as JSON; weekdays and hours in their order, all else the most frequent first. */
  readonly groups: ReadonlyMap<string, readonly TimedPath[]>
  /** Those of all other values; undefined when there are none. */
  readonly others: readonly TimedPath[] | undefined
}

export type FunnelBy = 'version' | 'weekday' | 'hour' | { readonly choice: string }

type GroupQuestion = { readonly by: FunnelBy; readonly choice?: ChoiceFilter | undefined }

/** The largest groups, as many as an answer has room for, each with a funnel of so many steps. */
export function groupsOf(
  slices: readonly Slice[],
  { funnelSteps, ...question }: GroupQuestion & { funnelSteps: number },
): PeopleGroups {
  const { by } = question
  const all = groupsIn(slices, question)
  const sizes = new Map([...all.groups].map(([name, paths]) => [name, sessionsIn(paths)]))
  const rows = by === 'version' ? MOST_ROWS.versions : MOST_ROWS.groups
  const most = Math.max(1, Math.min(rows, Math.floor(MOST_ROWS.steps / funnelSteps)))
  const isOfClock = by === 'weekday' || by === 'hour'
  const kept = isOfClock ? undefined : largest(sizes, { most, bytes: BYTES })
  const { groups, others } = kept ? only(kept, all) : all
  const order = isOfClock
    ? (a: string, b: string) => Number(a) - Number(b)
    : (a: string, b: string) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0)
  return { groups: new Map([...groups].sort(([a], [b]) => order(a, b))), others }
}

/** The same groups of other people. */
export function groupsAs(
  { groups }: Pick<PeopleGroups, 'groups'>,
  slices: readonly Slice[],
  question: GroupQuestion,
): PeopleGroups {
  return only(new Set(groups.keys()), groupsIn(slices, question))
}

/** Of the names of all groups. */
const BYTES = 64_000

/** Who made no choice has none in common. */
function groupsIn(slices: readonly Slice[], { by, choice }: GroupQuestion): PeopleGroups {
  const groups = new Map<string, TimedPath[]>()
  const others: TimedPath[] = []
  const add = (name: string, paths: readonly TimedPath[]) => {
    const known = groups.get(name)
    if (known) for (const path of paths) known.push(path)
    else groups.set(name, [...paths])
  }
  for (const slice of slices) {
    if (by === 'version') add(JSON.stringify(slice.version), chosenPaths(slice, choice))
    else if (typeof by !== 'object') add(slice.label, chosenPaths(slice, choice))
    else
      for (const { value, paths } of choicesIn(slice.groups, by.choice))
        if (value === undefined) for (const path of paths) others.push(path)
        else add(JSON.stringify(value), paths)
  }
  return { groups, others: others.length > 0 ? others : undefined }
}

function only(kept: ReadonlySet<string>, { groups, others = [] }: PeopleGroups): PeopleGroups {
  const rest = [...groups].filter(([name]) => !kept.has(name)).flatMap(([, paths]) => paths)
  const all = [...others, ...rest]
  return {
    groups: new Map([...groups].filter(([name]) => kept.has(name))),
    others: all.length > 0 ? all : undefined,
  }
}

const sessionsIn = (paths: readonly TimedPath[]): number =>
  total(paths.map((path) => path.completed + path.open + path.lost))
