// In which column of the map each screen stands: the funnel from left to right, the others between their neighbours.

import { ascending, descending, max, min, sum } from 'd3-array'
import type { MapLink, MapScreen } from './model.ts'

/** Screens that stand in one column: those of one step of the funnel, or a single screen outside it. */
type Group = {
  readonly layer?: number
  readonly key: string
  readonly visits: number
  readonly entries: number
  readonly ids: readonly string[]
}

/** Counts from 0. A link leads forward if the column of its end is the larger one. */
export function columnsOf(screens: readonly MapScreen[], links: readonly MapLink[]): ReadonlyMap<string, number> {
  const groups = groupsOf(screens)
  const flow = flowBetween(groups, links)
  const ordered = inOrder(groups, flow)
  const columnOf = new Map<Group, number>()
  let lastStep = -1
  for (const [index, group] of ordered.entries()) {
    const before = ordered.slice(0, index).filter((other) => flow(other, group) > 0)
    const afterOthers = 1 + (max(before, (other) => columnOf.get(other)) ?? -1)
    const column = group.layer === undefined ? afterOthers : Math.max(afterOthers, lastStep + 1)
    if (group.layer !== undefined) lastStep = column
    columnOf.set(group, column)
  }
  for (const [index, group] of [...ordered.entries()].reverse()) {
    if (group.layer !== undefined || ordered.slice(0, index).some((other) => flow(other, group) > 0)) continue
    // Nothing leads to it, so it stands right before the first screen that it leads to.
    const after = ordered.slice(index + 1).filter((other) => flow(group, other) > 0)
    columnOf.set(group, (min(after, (other) => columnOf.get(other)) ?? 1) - 1)
  }
  return new Map([...columnOf].flatMap(([{ ids }, column]) => ids.map((id) => [id, column] as const)))
}

function groupsOf(screens: readonly MapScreen[]): Group[] {
  const byKey = Map.groupBy(screens, ({ id, layer }) => (layer === undefined ? `screen ${id}` : `step ${layer}`))
  return [...byKey].map(([key, members]) => ({
    key,
    ids: members.map(({ id }) => id),
    visits: sum(members, ({ visits }) => visits),
    entries: sum(members, ({ entries }) => entries),
    ...(members[0]?.layer !== undefined && { layer: members[0].layer }),
  }))
}

type Flow = (from: Group, to: Group) => number

function flowBetween(groups: readonly Group[], links: readonly MapLink[]): Flow {
  const groupOf = new Map(groups.flatMap((group) => group.ids.map((id) => [id, group] as const)))
  const counts = new Map<Group, Map<Group, number>>(groups.map((group) => [group, new Map()]))
  for (const { from, to, count } of links) {
    const [source, target] = [groupOf.get(from), groupOf.get(to)]
    if (source && target) counts.get(source)?.set(target, (counts.get(source)?.get(target) ?? 0) + count)
  }
  return (from, to) => counts.get(from)?.get(to) ?? 0
}

/**
 * The steps of the funnel as they are, each other screen where the fewest people go against the order. All of those are placed
 * twice: the first ones did not know of the last ones.
 */
function inOrder(groups: readonly Group[], flow: Flow): Group[] {
  const ordered = groups
    .filter(({ layer }) => layer !== undefined)
    .sort((a, b) => ascending(a.layer as number, b.layer as number))
  const outside = groups
    .filter(({ layer }) => layer === undefined)
    .sort((a, b) => descending(a.visits, b.visits) || ascending(a.key, b.key))
  for (const group of [...outside, ...outside]) {
    const old = ordered.indexOf(group)
    if (old >= 0) ordered.splice(old, 1)
    ordered.splice(bestPlace(group, ordered, flow), 0, group)
  }
  return ordered
}

/** Less than one person, for all screens together. */
const TIE = 1_000

/** Where as many people come as go, the screen comes first on which more people begin. */
function bestPlace(group: Group, ordered: readonly Group[], flow: Flow): number {
  let best = { place: 0, gain: 0 }
  let gain = 0
  for (const [index, other] of ordered.entries()) {
    gain += flow(other, group) - flow(group, other) + Math.sign(other.entries - group.entries) / TIE
    if (gain > best.gain) best = { place: index + 1, gain }
  }
  return best.place
}
