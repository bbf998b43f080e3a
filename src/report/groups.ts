// People by what they have in common: a choice, a version, a weekday, an hour.

import { total } from '../insight/counts.ts'
import type { Walk } from '../insight/funnel.ts'
import { largest } from '../insight/largest.ts'
import { MOST_ROWS } from '../insight/limits.ts'
import { type ChoiceFilter, choicesIn, type Slice, waysOf } from './slices.ts'

export type Groups = {
  /** By the value as JSON; weekdays and hours in their order, all else the most frequent first. */
  readonly groups: ReadonlyMap<string, readonly Walk[]>
  /** Those of all other values; undefined when there are none. */
  readonly others: readonly Walk[] | undefined
}

export type FunnelBy = 'version' | 'weekday' | 'hour' | { readonly choice: string }

type Question = { readonly by: FunnelBy; readonly choice?: ChoiceFilter | undefined }

/** The largest groups, as many as an answer has room for, each with a funnel of so many steps. */
export function groupsOf(
  slices: readonly Slice[],
  { funnelSteps, ...question }: Question & { funnelSteps: number },
): Groups {
  const { by } = question
  const all = groupsIn(slices, question)
  const sizes = new Map([...all.groups].map(([name, ways]) => [name, sessionsIn(ways)]))
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
export function groupsAs({ groups }: Pick<Groups, 'groups'>, slices: readonly Slice[], question: Question): Groups {
  return only(new Set(groups.keys()), groupsIn(slices, question))
}

/** Of the names of all groups. */
const BYTES = 64_000

/** Who made no choice has none in common. */
function groupsIn(slices: readonly Slice[], { by, choice }: Question): Groups {
  const groups = new Map<string, Walk[]>()
  const others: Walk[] = []
  const add = (name: string, ways: readonly Walk[]) => {
    const known = groups.get(name)
    if (known) for (const way of ways) known.push(way)
    else groups.set(name, [...ways])
  }
  for (const slice of slices) {
    if (by === 'version') add(JSON.stringify(slice.version), waysOf(slice, choice))
    else if (typeof by !== 'object') add(slice.label, waysOf(slice, choice))
    else
      for (const { value, ways } of choicesIn(slice.groups, by.choice))
        if (value === undefined) for (const way of ways) others.push(way)
        else add(JSON.stringify(value), ways)
  }
  return { groups, others: others.length > 0 ? others : undefined }
}

function only(kept: ReadonlySet<string>, { groups, others = [] }: Groups): Groups {
  const rest = [...groups].filter(([name]) => !kept.has(name)).flatMap(([, ways]) => ways)
  const all = [...others, ...rest]
  return {
    groups: new Map([...groups].filter(([name]) => kept.has(name))),
    others: all.length > 0 ? all : undefined,
  }
}

const sessionsIn = (ways: readonly Walk[]): number => total(ways.map((way) => way.completed + way.open + way.lost))
