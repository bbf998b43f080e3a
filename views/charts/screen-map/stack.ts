// How far down everything stands on the map: such that ribbons are as level as possible, and nothing overlaps.

import { max, min, sum } from 'd3-array'
import { SIZE } from './model.ts'
import type { Columns, Crossing, Slot } from './order.ts'
import { endingsOf } from './texts.ts'

type Stacking = {
  readonly columns: Columns
  readonly crossings: readonly Crossing[]
  /** Pixels of height for each visit. */
  readonly scale: number
  /** Pixels for the labels above a bar. */
  readonly label: number
}

/** `yOf`: the upper end of a slot's bar. `bottom`: below everything. */
export function stack({ columns, crossings, scale, label }: Stacking): {
  readonly yOf: (slot: Slot) => number
  readonly bottom: number
} {
  const ys = new Map<Slot, number>()
  const yOf = (slot: Slot) => ys.get(slot) ?? 0
  const extents = new Map(columns.flat().map((slot) => [slot, extent(slot, scale, label)] as const))
  const extentOf = (slot: Slot) => extents.get(slot) ?? { above: 0, below: 0 }
  const settle = (column: readonly Slot[], wished: (slot: Slot) => number) => {
    for (const [index, y] of apart(column, wished, extentOf).entries()) ys.set(column[index] as Slot, y)
  }
  for (const column of columns) settle(column, () => 0)

  const before = Map.groupBy(crossings, ({ to }) => to)
  const after = Map.groupBy(crossings, ({ from }) => from)
  /** Where all its ribbons on one side would be level, by their weight. */
  const level = (neighbours: ReadonlyMap<Slot, Crossing[]>, sign: 1 | -1) => (slot: Slot) => {
    const links = neighbours.get(slot) ?? []
    const weight = sum(links, ({ link }) => link.count)
    const slope = (each: Crossing) => yOf(each.from) + each.fromOffset * scale - yOf(each.to) - each.toOffset * scale
    return weight === 0 ? yOf(slot) : yOf(slot) + (sign * sum(links, (each) => each.link.count * slope(each))) / weight
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const column of columns) settle(column, level(before, 1))
    for (const column of columns.toReversed()) settle(column, level(after, -1))
  }
  for (const column of columns) settle(column, level(before, 1))

  const top = min([...ys], ([slot, y]) => y - extentOf(slot).above) ?? 0
  for (const [slot, y] of ys) ys.set(slot, y - top)
  return { yOf, bottom: max([...ys], ([slot, y]) => y + extentOf(slot).below) ?? 0 }
}

const ROUNDS = 4

/** What a slot takes above and below the upper end of its bar, with some room to the next one. */
function extent({ screen, flow }: Slot, scale: number, label: number): { above: number; below: number } {
  if (!screen) return { above: 4, below: flow * scale + 4 }
  const endings = endingsOf(screen).length * SIZE.ending
  return { above: label, below: Math.max(SIZE.leastBar, flow * scale) + endings + 14 }
}

/**
 * The places nearest to those wished for in which nothing overlaps, in the given order. A slot with twice as many people moves a
 * quarter as far. This is weighted isotonic regression, by pooling neighbours that are out of order.
 */
function apart(
  column: readonly Slot[],
  wished: (slot: Slot) => number,
  extentOf: (slot: Slot) => { above: number; below: number },
): number[] {
  const pools: { place: number; weight: number; size: number }[] = []
  const shifts: number[] = []
  let shift = 0
  for (const slot of column) {
    const { above, below } = extentOf(slot)
    shift += above
    shifts.push(shift)
    let pool = { place: wished(slot) - shift, weight: (slot.flow + 1) ** 2, size: 1 }
    shift += below
    for (let last = pools.at(-1); last && last.place > pool.place; last = pools.at(-1)) {
      pools.pop()
      const weight = last.weight + pool.weight
      pool = {
        place: (last.place * last.weight + pool.place * pool.weight) / weight,
        weight,
        size: last.size + pool.size,
      }
    }
    pools.push(pool)
  }
  const places = pools.flatMap(({ place, size }) => Array.from({ length: size }, () => place))
  return places.map((place, index) => place + (shifts[index] ?? 0))
}
