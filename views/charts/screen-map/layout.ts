// Where everything stands on the map of a flow. Pure: from counts to pixels.

import { ascending, cumsum, max, sum } from 'd3-array'
import { backLinksOf } from './back-links.ts'
import { columnsOf } from './columns.ts'
import { type MapLayout, type MapLink, type MapNode, type MapScreen, type Ribbon, SIZE } from './model.ts'
import { type Crossing, inColumns, type Slot } from './order.ts'
import { stack } from './stack.ts'
import { widthOf } from './texts.ts'

/** Links that nobody took are left out. `extraLabel`: pixels that the labels need on top. */
export function layoutMap(
  { screens, links }: { readonly screens: readonly MapScreen[]; readonly links: readonly MapLink[] },
  extraLabel = 0,
): MapLayout {
  const ordered = screens.toSorted((a, b) => ascending(a.id, b.id))
  const taken = links
    .filter(({ count }) => count > 0)
    .sort((a, b) => ascending(a.from, b.from) || ascending(a.to, b.to))
  const between = taken.filter(({ from, to }) => from !== to)
  const columnOf = columnsOf(ordered, between)
  const isForward = ({ from, to }: MapLink) => (columnOf.get(from) ?? 0) < (columnOf.get(to) ?? 0)
  const { columns, crossings } = inColumns(ordered, between.filter(isForward), columnOf)

  const scale = scaleOf(columns)
  const placed = stack({ columns, crossings, scale, label: SIZE.label + extraLabel })
  const xs = leftSidesOf(columns)
  const xOf = (column: number) => xs[column] ?? 0

  const nodes = columns.flat().flatMap((slot) => {
    if (!slot.screen) return []
    const own = taken.filter(({ from, to }) => from === to && from === slot.screen?.id)
    const loops = slot.screen.loops + sum(own, ({ count }) => count)
    const room = xOf(slot.column + 1) - xOf(slot.column) - SIZE.corridor
    return [nodeOf(slot, slot.screen, { x: xOf(slot.column), y: placed.yOf(slot), room, scale, loops })]
  })
  const back = between.filter((link) => !isForward(link))
  const { backLinks, bottom } = backLinksOf(back, nodes, { xOf, top: placed.bottom, scale })
  return {
    width: xOf(columns.length),
    height: bottom,
    nodes,
    ribbons: ribbonsOf(crossings, (crossing) => {
      const { from, to, fromOffset, toOffset, link } = crossing
      const [y0, y1] = [placed.yOf(from) + fromOffset * scale, placed.yOf(to) + toOffset * scale]
      const width = link.count * scale
      return [
        { x: xOf(from.column) + SIZE.bar, top: y0, bottom: y0 + width },
        { x: xOf(to.column), top: y1, bottom: y1 + width },
      ]
    }),
    backLinks,
  }
}

/** Pixels of height for each visit. */
function scaleOf(columns: readonly (readonly Slot[])[]): number {
  const most = max(columns, (column) => sum(column, ({ flow }) => flow)) ?? 0
  return most === 0 ? 0 : SIZE.bars / most
}

/** Of each column, and at the end the right side of the last one. Columns are as wide as their texts; what is left they share. */
function leftSidesOf(columns: readonly (readonly Slot[])[]): number[] {
  const widths = columns.map((column) => {
    const text = max(column, ({ screen }) => (screen ? widthOf(screen) : 0)) ?? 0
    return Math.min(SIZE.mostText, Math.max(SIZE.leastText, text)) + SIZE.corridor
  })
  const left = Math.max(0, SIZE.width - SIZE.left - sum(widths)) / columns.length
  const shared = widths.map((width) => Math.min(SIZE.mostPitch, width + left))
  return [...cumsum([SIZE.left, ...shared])]
}

type Place = Pick<MapNode, 'x' | 'y' | 'room' | 'loops'> & { readonly scale: number }

function nodeOf(slot: Slot, screen: MapScreen, { x, y, room, scale, loops }: Place): MapNode {
  const height = Math.max(SIZE.leastBar, slot.flow * scale)
  const [completed, open, lost] = [screen.completed * scale, screen.open * scale, screen.lost * scale]
  const bottom = y + height
  return {
    screen,
    column: slot.column,
    x,
    y,
    height,
    room,
    loops,
    entries: { y: y + slot.flowIn * scale, height: screen.entries * scale },
    completed: { y: bottom - lost - open - completed, height: completed },
    open: { y: bottom - lost - open, height: open },
    lost: { y: bottom - lost, height: lost },
  }
}

/** One for each link, of its crossings from column to column. */
function ribbonsOf(crossings: readonly Crossing[], pointsOf: (crossing: Crossing) => Ribbon['points']): Ribbon[] {
  return [...Map.groupBy(crossings, ({ link }) => link)].map(([link, parts]) => ({
    ...link,
    points: parts.toSorted((a, b) => ascending(a.from.column, b.from.column)).flatMap(pointsOf),
  }))
}
