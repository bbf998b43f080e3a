// Adds up the answer to a question: one aggregate for each label and version, from rollups and from items that none covers.

import batch from 'it-batch'
import { getOrCreate } from '../stats/counts.ts'
import type { RollupKind } from './kinds.ts'
import type { LabelledSpan } from './storage.ts'
import { spanAt } from './time.ts'

export type LabelledSum<Sum> = { readonly label: string; readonly version: string; readonly sum: Sum }

/** How items, and sums of them, add up to an answer. Sums may be thousands. */
export type Adding<Item, Sum> = Pick<RollupKind<Item, Sum>, 'at' | 'aggregate' | 'merge' | 'truncate'>

export function startAnswer<Item extends { readonly version: string }, Sum>({
  at,
  aggregate,
  merge,
  truncate,
}: Adding<Item, Sum>) {
  const lists = new Map<string, { label: string; version: string; sums: Sum[] }>()
  /** There is room for some full aggregates; more than that share it. */
  const fitted = (sum: Sum): Sum => (lists.size > FULL_SUMS ? truncate(sum, FULL_SUMS / lists.size) : sum)
  const addSum = (label: string, version: string, sum: Sum) => {
    // A label is JSON, which has no line break.
    const { sums } = getOrCreate(lists, `${label}\n${version}`, () => ({ label, version, sums: [] as Sum[] }))
    sums.push(fitted(sum))
    if (sums.length >= MERGED_AT) sums.push(fitted(merge(sums.splice(0))))
  }
  const addItems = (label: string, items: Iterable<Item>) => {
    for (const some of batch(items, CHUNK))
      for (const [version, each] of Map.groupBy(some, (item) => item.version)) addSum(label, version, aggregate(each))
  }
  return {
    addSum,
    addItems,
    /** Each item under the label of the span it is in; those in none are left out. */
    addItemsBySpan(spans: readonly LabelledSpan[], items: Iterable<Item>): void {
      for (const chunk of batch(items, CHUNK))
        for (const [label, some] of Map.groupBy(chunk, (item) => spanAt(spans, at(item))?.label))
          if (label !== undefined) addItems(label, some)
    },
    end: (): LabelledSum<Sum>[] =>
      [...lists.values()].map(({ label, version, sums }) => ({
        label,
        version,
        sum: sums.length === 1 ? (sums[0] as Sum) : fitted(merge(sums)),
      })),
  }
}

const FULL_SUMS = 32
/** This many aggregates of one label and version are merged into one, so that memory does not grow with the period. */
const MERGED_AT = 32
/** Items. */
const CHUNK = 500
