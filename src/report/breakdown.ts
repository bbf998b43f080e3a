// Groups sessions by what they have in common: a choice, a version, a weekday, an hour.

import { sessionsIn } from '../insight/endings.ts'
import type { TimedPath } from '../insight/funnel.ts'
import { largest } from '../rollup/largest-names.ts'
import { MOST_ROWS } from '../rollup/limits.ts'
import { getOrCreate } from '../stats/counts.ts'
import { type ChoiceFilter, choicesIn, chosenPaths, type PathSlice } from './slices.ts'
import { unchosenPaths } from './unchosen.ts'

export type FunnelBy = 'version' | 'weekday' | 'hour' | { readonly choice: string }

export type PathGroups = {
  /** By the value as JSON; weekdays and hours in their order, otherwise the largest group first. */
  readonly groups: ReadonlyMap<string, readonly TimedPath[]>
  /** The paths of all other values; undefined when there are none. */
  readonly others: readonly TimedPath[] | undefined
  /** By a choice, the paths of the sessions without one; undefined when there are none, or nobody can know. */
  readonly unchosen: readonly TimedPath[] | undefined
}

type GroupQuery = { readonly by: FunnelBy; readonly choice?: ChoiceFilter | undefined }

/** The largest groups, as many as an answer has room for when each has a funnel of this many steps. */
export function groupsOf(
  slices: readonly PathSlice[],
  { funnelSteps, ...query }: GroupQuery & { readonly funnelSteps: number },
): PathGroups {
  const { by } = query
  const all = groupsIn(slices, query)
  const sizes = new Map([...all.groups].map(([name, paths]) => [name, sessionsIn(paths)]))
  const rows = by === 'version' ? MOST_ROWS.versions : MOST_ROWS.groups
  const most = Math.max(1, Math.min(rows, Math.floor(MOST_ROWS.steps / funnelSteps)))
  const isOfClock = by === 'weekday' || by === 'hour'
  const kept = isOfClock ? undefined : largest(sizes, { most, bytes: BYTES })
  const { groups, others, unchosen } = kept ? only(kept, all) : all
  const order = isOfClock
    ? (a: string, b: string) => Number(a) - Number(b)
    : (a: string, b: string) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0)
  return { groups: new Map([...groups].sort(([a], [b]) => order(a, b))), others, unchosen }
}

/** The groups of the same names in other slices. */
export const sameGroupsOf = (
  { groups }: Pick<PathGroups, 'groups'>,
  slices: readonly PathSlice[],
  query: GroupQuery,
): PathGroups => only(new Set(groups.keys()), groupsIn(slices, query))

/** Of the names of all groups. */
const BYTES = 64_000

function groupsIn(slices: readonly PathSlice[], { by, choice }: GroupQuery): PathGroups {
  const groups = new Map<string, TimedPath[]>()
  const others: TimedPath[] = []
  const add = (name: string, paths: readonly TimedPath[]) => {
    const group = getOrCreate(groups, name, () => [])
    for (const path of paths) group.push(path)
  }
  for (const slice of slices) {
    if (by === 'version') add(JSON.stringify(slice.version), chosenPaths(slice, choice))
    else if (typeof by !== 'object') add(slice.label, chosenPaths(slice, choice))
    else
      for (const { value, paths } of choicesIn(slice.groups, by.choice))
        if (value === undefined) for (const path of paths) others.push(path)
        else add(JSON.stringify(value), paths)
  }
  return {
    groups,
    others: anyOf(others),
    unchosen: typeof by === 'object' ? unchosenPaths(slices, by.choice) : undefined,
  }
}

const anyOf = (paths: readonly TimedPath[]): readonly TimedPath[] | undefined => (paths.length > 0 ? paths : undefined)

function only(kept: ReadonlySet<string>, { groups, others = [], unchosen }: PathGroups): PathGroups {
  const rest = [...groups].filter(([name]) => !kept.has(name)).flatMap(([, paths]) => paths)
  return {
    groups: new Map([...groups].filter(([name]) => kept.has(name))),
    others: anyOf([...others, ...rest]),
    unchosen,
  }
}
