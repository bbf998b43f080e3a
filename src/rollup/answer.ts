// How stores answer what sessions, or events, add up to: from rollups of whole hours, and from the items around them.

import { chunks } from '../lib/chunks.ts'
import type { RollupKind, AggregatePart as RollupPart } from './kinds.ts'
import type { Span } from './time.ts'

export type RollupQuery = {
  readonly flow: string
  readonly version?: string
  /** Of instants; in order, and none within another. Equal labels are added up. */
  readonly spans: readonly Part[]
  /** Those of `Rolled.parts` that are to be read, the first among them; what others tell is empty. */
  readonly parts: readonly RollupPart[]
}

/** A span of instants, or of hours, with the label it counts for. */
export type Part = Span & { readonly label: string }

/** Makes a sum shorter where what goes is not asked for; before they are merged, as there may be many. */
export type Condense<Sum> = (sum: Sum) => Sum

export type LabelledSum<Sum> = { readonly label: string; readonly version: string; readonly sum: Sum }

export type Answer<Item, Sum> = {
  addSum(label: string, version: string, sum: Sum): void
  /** Items that no rollup covers. */
  addItems(label: string, items: Iterable<Item>): void
  /** One for each label and version that anything was added to. */
  end(): LabelledSum<Sum>[]
}

export function startAnswer<Item extends { readonly version: string }, Sum>(
  { aggregate, merge, onlyParts, truncate }: RollupKind<Item, Sum>,
  parts: readonly RollupPart[],
  condense: Condense<Sum>,
): Answer<Item, Sum> {
  const sums = gather<Sum>()
  /** There is room for so many as large as they may be; more have to share it. */
  const fitted = (sum: Sum): Sum => (sums.size() > FULL_SUMS ? truncate(sum, FULL_SUMS / sums.size()) : sum)
  const addSum = (label: string, version: string, sum: Sum) => {
    const items = sums.add(label, version, fitted(condense(sum)))
    if (items.length >= KEPT_APART) items.push(fitted(merge(items.splice(0))))
  }
  return {
    addSum,
    addItems(label, items) {
      for (const some of chunks(items, AT_ONCE))
        for (const [version, each] of Map.groupBy(some, (item) => item.version))
          addSum(label, version, onlyParts(aggregate(each), parts))
    },
    end: () => sums.all().map(({ label, version, items }) => ({ label, version, sum: fitted(merge(items)) })),
  }
}

const FULL_SUMS = 32
/** Sums of one label and version: so many are merged into one, lest they take more room the longer the time that is asked about. */
const KEPT_APART = 32
/** Items. */
const AT_ONCE = 1_000

/** From the first span to the last; undefined where there is none. */
export function rangeOf({ spans }: Pick<RollupQuery, 'spans'>): Span | undefined {
  const [first, last] = [spans[0], spans.at(-1)]
  return first && last && { from: first.from, until: last.until }
}

export type Joined = Span & { readonly parts: readonly Part[] }

/** Each run of spans that touch as one, with the spans that it is made of. In order, and without those that are empty. */
export function joined(spans: readonly Part[]): Joined[] {
  const runs: { from: number; until: number; parts: Part[] }[] = []
  for (const span of spans) {
    if (span.from >= span.until) continue
    const last = runs.at(-1)
    if (last?.until === span.from) {
      last.until = span.until
      last.parts.push(span)
    } else runs.push({ from: span.from, until: span.until, parts: [span] })
  }
  return runs
}

/** Lists by label and version. */
export function gather<T>() {
  const lists = new Map<string, { label: string; version: string; items: T[] }>()
  const keyOf = (label: string, version: string) => JSON.stringify([label, version])
  return {
    /** The list that it is in then. */
    add(label: string, version: string, item: T): T[] {
      const list = lists.get(keyOf(label, version)) ?? { label, version, items: [] }
      list.items.push(item)
      lists.set(keyOf(label, version), list)
      return list.items
    },
    size: () => lists.size,
    all: () => [...lists.values()],
  }
}
