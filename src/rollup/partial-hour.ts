// One hour in the making. It is made from the sums of its minutes, so that a busy hour need not be gone through anew for each
// item that is added to it.

import { total } from '../stats/counts.ts'
import type { RollupKind } from './kinds.ts'
import { firstMinuteOf, MINUTES, minuteOf } from './time.ts'

/** So many items come to this. */
export type Aggregated<Sum> = { readonly sum: Sum; readonly size: number }

export type PartialHour<Item, Sum> = {
  /**
   * The minutes that are to be gone through, in order, where `changes` is how often each has changed that has. What has changed
   * since they were told follows only when all of them are through: it might go on for ever.
   */
  waiting(changes: ReadonlyMap<number, number>): readonly number[]
  /** `changes`: as it stood when the items were read, which may have been added up since. */
  set(minute: number, content: readonly Item[] | Aggregated<Sum>, changes: number): void
  /** None of the minutes that were told is left. */
  isThrough(): boolean
  /** How often each minute had changed when it was gone through. */
  seen(): ReadonlyMap<number, number>
  /** What has changed so far is forgotten, and counted anew. */
  settle(): void
  /** To go through all of it takes so long that it may have to be broken off. */
  isLarge(): boolean
  /** What it takes in memory, about. */
  bytes(): number
  sum(): Sum
}

export function startPartialHour<Item, Sum>(rolled: RollupKind<Item, Sum>, hour: number): PartialHour<Item, Sum> {
  const minutes = new Map<number, readonly Item[] | Aggregated<Sum>>()
  /** Of each of them. */
  const bytes = new Map<number, number>()
  const seen = new Map<number, number>()
  let waiting: readonly number[] = []
  let isLarge = false
  const allBytes = () => total([...bytes.values()])
  const put = (minute: number, content: readonly Item[] | Aggregated<Sum>) => {
    minutes.set(minute, content)
    bytes.set(minute, isList(content) ? total(content.map(rolled.itemBytes)) : rolled.truncatableBytes(content.sum))
  }
  const grow = () => {
    if (total([...minutes.values()].map(sizeOf)) > LARGE_HOUR || allBytes() > LARGE_HOUR_BYTES) isLarge = true
    if (!isLarge) return
    for (const [minute, content] of minutes) if (isList(content)) put(minute, added(content))
    if (allBytes() <= MOST_SUMS_BYTES) return
    for (const [minute, content] of minutes) {
      const { sum, size } = added(content)
      put(minute, { sum: rolled.truncate(sum, 1 / MINUTES), size })
    }
  }
  const added = (content: readonly Item[] | Aggregated<Sum>): Aggregated<Sum> =>
    isList(content) ? { sum: rolled.aggregate(content), size: content.length } : content
  return {
    waiting(changes) {
      if (waiting.length > 0) return waiting
      const isStale = (minute: number) =>
        !seen.has(minute) || (changes.get(minute) ?? seen.get(minute)) !== seen.get(minute)
      waiting = Array.from({ length: MINUTES }, (_, index) => firstMinuteOf(hour) + index).filter(isStale)
      return waiting
    },
    set(minute, content, changes) {
      seen.set(minute, changes)
      waiting = waiting.filter((each) => each !== minute)
      put(minute, content)
      grow()
    },
    isThrough: () => waiting.length === 0,
    seen: () => seen,
    settle() {
      for (const minute of seen.keys()) seen.set(minute, 0)
    },
    isLarge: () => isLarge,
    bytes: () => BARE_HOUR_BYTES + Math.max(allBytes(), isLarge ? SUMS_BYTES : 0),
    sum() {
      const contents = [...minutes.values()]
      // The sum of a few items is made sooner than sixty, and theirs.
      return contents.every(isList)
        ? rolled.aggregate(contents.flat())
        : rolled.merge(contents.map((each) => added(each).sum))
    },
  }
}

/** Items, and what they take: one who goes to and fro for long takes as much as many. */
const LARGE_HOUR = 2_000
const LARGE_HOUR_BYTES = 9_000_000
const BARE_HOUR_BYTES = 50_000
/** Of the minutes of a large hour, whose items are not kept; where paths are made up, the minutes have no more room than one hour. */
const SUMS_BYTES = 350_000
const MOST_SUMS_BYTES = 6_000_000

const isList = <Item, Sum>(content: readonly Item[] | Aggregated<Sum>): content is readonly Item[] =>
  Array.isArray(content)
const sizeOf = <Item, Sum>(content: readonly Item[] | Aggregated<Sum>): number =>
  isList(content) ? content.length : content.size

/** Each minute from `from` up to, but without, `until` with its items, of which there may be none. `found` in the order of time. */
export function* byMinute<Item>(
  { at }: Pick<RollupKind<Item, unknown>, 'at'>,
  found: Iterable<Item>,
  from: number,
  until: number,
): Generator<[number, Item[]]> {
  const minutes = startMinutes<Item>(from)
  for (const item of found) {
    const minute = minuteOf(at(item))
    if (minutes.isBefore(minute)) yield* minutes.upTo(minute)
    minutes.add(item)
  }
  yield* minutes.upTo(until)
}

/** The same of items that have to be waited for. */
export async function* byMinuteAsync<Item>(
  { at }: Pick<RollupKind<Item, unknown>, 'at'>,
  found: AsyncIterable<Item>,
  from: number,
  until: number,
): AsyncGenerator<[number, Item[]]> {
  const minutes = startMinutes<Item>(from)
  for await (const item of found) {
    const minute = minuteOf(at(item))
    if (minutes.isBefore(minute)) yield* minutes.upTo(minute)
    minutes.add(item)
  }
  yield* minutes.upTo(until)
}

function startMinutes<Item>(from: number) {
  let now = from
  let some: Item[] = []
  return {
    /** The minute under way is over then. Asked for each item, of which there are very many. */
    isBefore: (minute: number) => now < minute,
    *upTo(minute: number): Generator<[number, Item[]]> {
      for (; now < minute; now++) {
        yield [now, some]
        some = []
      }
    },
    add: (item: Item) => void some.push(item),
  }
}

/**
 * The items added up in steps of some milliseconds, with a pause after each, for whoever has but one thread for this and for
 * answering.
 */
export async function aggregateInBatches<Item, Sum>(
  { aggregate, merge, batchSize }: RollupKind<Item, Sum>,
  items: readonly Item[],
  pause: () => Promise<void>,
): Promise<Aggregated<Sum>> {
  const parts: Sum[] = []
  for (let at = 0; at < items.length; at += batchSize) {
    parts.push(aggregate(items.slice(at, at + batchSize)))
    await pause()
  }
  return { sum: merge(parts), size: items.length }
}
