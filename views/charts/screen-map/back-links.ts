// Links that do not lead forward: thin lines that leave a bar on the right, go back below the map, and arrive on the left.

import { ascending, group, sum } from 'd3-array'
import { type BackLink, type MapLink, type MapNode, SIZE } from './model.ts'

type Frame = {
  /** The left side of a column; the one after the last column is the right side of the map. */
  readonly xOf: (column: number) => number
  /** Where the screens end. */
  readonly top: number
  readonly scale: number
}

type Route = { readonly link: MapLink; readonly from: MapNode; readonly to: MapNode }

/** Lines to the same screen come together below the map and arrive as one. `bottom`: below everything. */
export function backLinksOf(
  links: readonly MapLink[],
  nodes: readonly MapNode[],
  { xOf, top, scale }: Frame,
): { backLinks: readonly BackLink[]; bottom: number } {
  const nodeOf = new Map(nodes.map((node) => [node.screen.id, node]))
  const routes = links
    .map((link): Route => ({ link, from: nodeOf.get(link.from) as MapNode, to: nodeOf.get(link.to) as MapNode }))
    .sort((a, b) => ascending(a.from.column - a.to.column, b.from.column - b.to.column))
  const tracks = tracksOf(routes)
  const starts = startsOf(routes, scale)
  const ends = endsOf(routes, scale)
  const lanes: (Route & Span)[][] = []
  const backLinks = routes.map((route): BackLink => {
    const { link, from, to } = route
    const span = {
      left: xOf(to.column) - tracks(to.column, to),
      right: xOf(from.column + 1) - tracks(from.column + 1, route),
    }
    const free = lanes.findIndex((lane) => lane.every((other) => canShare({ ...route, ...span }, other)))
    const lane = free < 0 ? lanes.push([]) - 1 : free
    lanes[lane]?.push({ ...route, ...span })
    const y = top + LANE * (lane + 0.5)
    const [start, end] = [starts.get(route) ?? 0, ends.get(to) ?? 0]
    return {
      ...link,
      points: [
        [from.x + SIZE.bar, start],
        [span.right, start],
        [span.right, y],
        [span.left, y],
        [span.left, end],
        [to.x, end],
      ],
      label: { x: span.right - 10, y },
    }
  })
  return { backLinks, bottom: top + LANE * lanes.length + 6 }
}

/** Pixels from one line below the map to the next: a count must fit. */
const LANE = 17

type Span = { readonly left: number; readonly right: number }

/** Their counts stand at their right ends, so these must not meet. */
function canShare(one: Route & Span, other: Route & Span): boolean {
  if (one.to === other.to) return one.from.column !== other.from.column
  return one.right + 8 < other.left || other.right + 8 < one.left
}

/** How far left of a column lines go up and down: one track for each screen that lines lead to, and for each line that comes from a screen. */
function tracksOf(routes: readonly Route[]) {
  const tracks = new Map<number, Set<MapNode | Route>>()
  const add = (column: number, what: MapNode | Route) => tracks.set(column, (tracks.get(column) ?? new Set()).add(what))
  for (const { to } of routes) add(to.column, to)
  for (const route of routes) add(route.from.column + 1, route)
  return (column: number, what: MapNode | Route): number => {
    const all = [...(tracks.get(column) ?? [])]
    return NEAREST + all.indexOf(what) * Math.min(4, (SIZE.corridor - NEAREST) / Math.max(1, all.length - 1))
  }
}

const NEAREST = 7

/** On the right side of a bar, below its ribbons and above its endings: each line in the middle of its share. */
function startsOf(routes: readonly Route[], scale: number): Map<Route, number> {
  const starts = new Map<Route, number>()
  for (const [from, own] of group(routes, ({ from }) => from)) {
    let y = from.completed.y - scale * sum(own, ({ link }) => link.count)
    for (const route of own) {
      const height = route.link.count * scale
      starts.set(route, within(from, y + height / 2))
      y += height
    }
  }
  return starts
}

/** On the left side of a bar, below its ribbons and those who begin there. */
function endsOf(routes: readonly Route[], scale: number): Map<MapNode, number> {
  return new Map(
    [...group(routes, ({ to }) => to)].map(([to, own]) => {
      const height = scale * sum(own, ({ link }) => link.count)
      return [to, within(to, to.entries.y + to.entries.height + height / 2)]
    }),
  )
}

const within = ({ y, height }: MapNode, place: number): number => Math.min(y + height - 1, Math.max(y + 1, place))
