// One hour while it is computed. It is made of the aggregates of its minutes, so that a busy hour need not be read again for each
// item that is added to it.

import { total } from '../stats/counts.ts'
import type { RollupKind } from './kinds.ts'
import type { Marks } from './storage.ts'
import { firstMinuteOf, MINUTES, minuteOf } from './time.ts'

/** The aggregate of `size` items. */
export type Aggregated<Sum> = { readonly sum: Sum; readonly size: number }

/** A few items as they are, or an aggregate: a few items are aggregated sooner than merged. */
type Content<Item, Sum> = readonly Item[] | Aggregated<Sum>

export type PartialHour<Item, Sum> = ReturnType<typeof startPartialHour<Item, Sum>>

export function startPartialHour<Item, Sum>(kind: RollupKind<Item, Sum>, hour: number) {
  const minutes = new Map<number, Content<Item, Sum>>()
  const bytes = new Map<number, number>()
  const read = new Map<number, string>()
  let pending: readonly number[] = []
  let isLarge = false
  const allBytes = () => total([...bytes.values()])
  const put = (minute: number, content: Content<Item, Sum>) => {
    minutes.set(minute, content)
    bytes.set(minute, isList(content) ? total(content.map(kind.itemBytes)) : kind.truncatableBytes(content.sum))
  }
  /** A large hour keeps aggregates alone; where people make up paths, its minutes share the room of one hour. */
  const shrink = () => {
    if (total([...minutes.values()].map(sizeOf)) > LARGE_HOUR || allBytes() > LARGE_HOUR_BYTES) isLarge = true
    if (!isLarge) return
    for (const [minute, content] of minutes) if (isList(content)) put(minute, aggregated(content))
    if (allBytes() <= MOST_SUMS_BYTES) return
    for (const [minute, content] of minutes) {
      const { sum, size } = aggregated(content)
      put(minute, { sum: kind.truncate(sum, 1 / MINUTES), size })
    }
  }
  const aggregated = (content: Content<Item, Sum>): Aggregated<Sum> =>
    isList(content) ? { sum: kind.aggregate(content), size: content.length } : content
  return {
    /**
     * The minutes to read, in order: those never read, and those with another mark than they were read with. What changes while
     * these are read follows only when all of them are read: else it might go on for ever.
     */
    pending(marks: Marks): readonly number[] {
      if (pending.length > 0) return pending
      const isStale = (minute: number) =>
        !read.has(minute) || (marks.get(minute) ?? read.get(minute)) !== read.get(minute)
      pending = Array.from({ length: MINUTES }, (_, index) => firstMinuteOf(hour) + index).filter(isStale)
      return pending
    },
    /** `mark`: as it stood before the items were read. */
    set(minute: number, content: Content<Item, Sum>, mark: string): void {
      read.set(minute, mark)
      pending = pending.filter((each) => each !== minute)
      put(minute, content)
      if (sizeOf(content) > 0) shrink()
    },
    /** No pending minute is left. */
    isComplete: () => pending.length === 0,
    /** The marks of the minutes that were read since `settle`. */
    marks: () => new Map([...read].filter(([, mark]) => mark !== '')),
    /** Forgets the marks: they are cleared. */
    settle(): void {
      for (const minute of read.keys()) read.set(minute, '')
    },
    /** Reading all of it takes so long that it may have to be broken off. */
    isLarge: () => isLarge,
    /** Roughly what it takes in memory. */
    bytes: () => BARE_HOUR_BYTES + Math.max(allBytes(), isLarge ? SUMS_BYTES : 0),
    sum(): Sum {
      const contents = [...minutes.values()]
      return contents.every(isList)
        ? kind.aggregate(contents.flat())
        : kind.merge(contents.map((each) => aggregated(each).sum))
    },
  }
}

/** Items, and their bytes: one session with very many steps takes as much as many sessions. */
const LARGE_HOUR = 2_000
const LARGE_HOUR_BYTES = 9_000_000
const BARE_HOUR_BYTES = 50_000
/** The aggregates of the minutes of a large hour, and the most they may take. */
const SUMS_BYTES = 350_000
const MOST_SUMS_BYTES = 6_000_000

const isList = <Item, Sum>(content: Content<Item, Sum>): content is readonly Item[] => Array.isArray(content)
const sizeOf = <Item, Sum>(content: Content<Item, Sum>): number => (isList(content) ? content.length : content.size)

/** Each minute from `from` up to, but without, `until` with its items, if any. `found`: lists in order of time. */
export async function* byMinute<Item>(
  { at }: Pick<RollupKind<Item, unknown>, 'at'>,
  found: AsyncIterable<readonly Item[]>,
  from: number,
  until: number,
): AsyncGenerator<[minute: number, items: Item[]]> {
  let minute = from
  let items: Item[] = []
  for await (const some of found)
    for (const item of some) {
      for (const next = minuteOf(at(item)); minute < next; minute++) {
        yield [minute, items]
        items = []
      }
      items.push(item)
    }
  for (; minute < until; minute++) {
    yield [minute, items]
    items = []
  }
}

/** A few items stay as they are; many are aggregated in batches of some milliseconds, with a pause after each. */
export async function aggregateInBatches<Item, Sum>(
  { aggregate, merge, batchSize }: RollupKind<Item, Sum>,
  items: readonly Item[],
  pause: () => Promise<void>,
): Promise<Content<Item, Sum>> {
  if (items.length <= batchSize) return items
  const sums: Sum[] = []
  for (let first = 0; first < items.length; first += batchSize) {
    sums.push(aggregate(items.slice(first, first + batchSize)))
    await pause()
  }
  return { sum: merge(sums), size: items.length }
}
