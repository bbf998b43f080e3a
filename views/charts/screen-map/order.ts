// The order within each column of the map, such that few ribbons cross.

import { ascending, descending, max, sum } from 'd3-array'
import type { MapLink, MapScreen } from './model.ts'

/** What takes up room in a column: a screen, or a ribbon that passes between the screens. */
export type Slot = {
  readonly column: number
  readonly screen?: MapScreen
  /** What comes in or goes out, whichever is more: what its bar is as high as. */
  readonly flow: number
  /** What comes in from the column before. */
  readonly flowIn: number
  /** No part of the funnel, nor a ribbon between two of its screens. */
  readonly isOutside: boolean
}

/** The part of a forward link between two columns next to each other. Offsets count from the upper end of a bar, in visits. */
export type Crossing = {
  readonly link: MapLink
  readonly from: Slot
  readonly to: Slot
  readonly fromOffset: number
  readonly toOffset: number
}

type Piece = Pick<Crossing, 'link' | 'from' | 'to'>

export type Columns = readonly (readonly Slot[])[]

export function inColumns(
  screens: readonly MapScreen[],
  forward: readonly MapLink[],
  columnOf: ReadonlyMap<string, number>,
): { columns: Columns; crossings: readonly Crossing[] } {
  const slots = new Map(
    screens.map((screen) => [screen.id, slotOf(screen, columnOf.get(screen.id) ?? 0, forward)] as const),
  )
  const passing: Slot[] = []
  const pieces = forward.flatMap((link) => {
    const [start, end] = [slots.get(link.from), slots.get(link.to)] as [Slot, Slot]
    const between = Array.from({ length: end.column - start.column - 1 }, (_, index) => ({
      column: start.column + 1 + index,
      flow: link.count,
      flowIn: link.count,
      isOutside: start.isOutside || end.isOutside,
    }))
    passing.push(...between)
    const stops = [start, ...between, end]
    return stops.slice(1).map((to, index): Piece => ({ link, from: stops[index] as Slot, to }))
  })
  const all = [...slots.values(), ...passing].sort(byImportance)
  const byColumn = Map.groupBy(all, ({ column }) => column)
  const count = 1 + (max(all, ({ column }) => column) ?? -1)
  const started = Array.from({ length: count }, (_, column) => byColumn.get(column) ?? [])
  const columns = withFewCrossings(started, pieces)
  return { columns, crossings: withOffsets(columns, pieces) }
}

function slotOf(screen: MapScreen, column: number, forward: readonly MapLink[]): Slot {
  const flowIn = sum(forward, ({ to, count }) => (to === screen.id ? count : 0))
  const out = sum(forward, ({ from, count }) => (from === screen.id ? count : 0))
  const { visits, entries, completed, open, lost } = screen
  const flow = Math.max(visits, flowIn + entries, out + completed + open + lost)
  return { column, screen, flow, flowIn, isOutside: screen.layer === undefined }
}

/** The funnel on top. */
const byImportance = (a: Slot, b: Slot): number => ascending(a.isOutside, b.isOutside) || descending(a.flow, b.flow)

const SWEEPS = 6

/** Moves each slot to the mean place of its neighbours, to and fro; keeps the best order. */
function withFewCrossings(started: readonly Slot[][], pieces: readonly Piece[]): Columns {
  const before = Map.groupBy(pieces, ({ to }) => to)
  const after = Map.groupBy(pieces, ({ from }) => from)
  let columns = started
  let best = { columns, crossed: crossedBy(columns, pieces) }
  for (let sweep = 0; sweep < SWEEPS && best.crossed > 0; sweep++) {
    const isForth = sweep % 2 === 0
    const places = placesIn(columns)
    const meanOf = (slot: Slot) => {
      const links = (isForth ? before : after).get(slot) ?? []
      const weight = sum(links, ({ link }) => link.count)
      if (weight === 0) return places.get(slot) ?? 0
      return sum(links, ({ link, from, to }) => link.count * (places.get(isForth ? from : to) ?? 0)) / weight
    }
    const next = [...columns]
    for (const column of isForth ? next.keys() : [...next.keys()].reverse()) {
      next[column] = (next[column] ?? []).toSorted((a, b) => ascending(meanOf(a), meanOf(b)))
      for (const [place, slot] of next[column].entries()) places.set(slot, place)
    }
    columns = next
    const crossed = crossedBy(columns, pieces)
    if (crossed < best.crossed) best = { columns, crossed }
  }
  return best.columns
}

const placesIn = (columns: Columns): Map<Slot, number> =>
  new Map(columns.flatMap((column) => column.map((slot, place) => [slot, place] as const)))

/** How many people cross the way of others, roughly: of two ribbons that cross, the thinner one counts. */
function crossedBy(columns: Columns, pieces: readonly Piece[]): number {
  const places = placesIn(columns)
  let crossed = 0
  for (const side of Map.groupBy(pieces, ({ from }) => from.column).values()) {
    const ends = side.map(({ from, to, link }) => ({ from: places.get(from) ?? 0, to: places.get(to) ?? 0, link }))
    for (const [index, a] of ends.entries())
      for (let other = index + 1; other < ends.length; other++) {
        const b = ends[other] as typeof a
        if ((a.from - b.from) * (a.to - b.to) < 0) crossed += Math.min(a.link.count, b.link.count)
      }
  }
  return crossed
}

/** On each side of a bar the ribbons are one below the other, in the order of the places where they come from or go to. */
function withOffsets(columns: Columns, pieces: readonly Piece[]): Crossing[] {
  const places = placesIn(columns)
  const offsets = (side: 'from' | 'to', other: 'from' | 'to') => {
    const offsetOf = new Map<Piece, number>()
    for (const group of Map.groupBy(pieces, (piece) => piece[side]).values()) {
      let offset = 0
      for (const piece of group.toSorted((a, b) => ascending(places.get(a[other]), places.get(b[other])))) {
        offsetOf.set(piece, offset)
        offset += piece.link.count
      }
    }
    return offsetOf
  }
  const [fromOffsets, toOffsets] = [offsets('from', 'to'), offsets('to', 'from')]
  return pieces.map((piece) => ({
    ...piece,
    fromOffset: fromOffsets.get(piece) ?? 0,
    toOffset: toOffsets.get(piece) ?? 0,
  }))
}
