// How many there are by span of time, as one list of numbers: a way through a flow has hundreds of spans in a day, and as a list
// they are read several times as fast as by name, from a third of the bytes.

import type { Counts } from './counts.ts'

/** The first span and how many it has, then how many spans on is the next one, and how many that has, and so forth. */
export type SpanCounts = readonly number[]

export function spanCountsOf(counts: ReadonlyMap<number, number>): SpanCounts {
  const list: number[] = []
  let last = 0
  for (const [span, count] of [...counts].sort(([a], [b]) => a - b)) {
    list.push(span - last, count)
    last = span
  }
  return list
}

export function mergeSpanCounts(parts: readonly SpanCounts[]): SpanCounts {
  const sums = new Map<number, number>()
  for (const part of parts) forEach(part, (span, count) => sums.set(span, (sums.get(span) ?? 0) + count))
  return spanCountsOf(sums)
}

export function countInSpans(counts: SpanCounts): number {
  let sum = 0
  forEach(counts, (_, count) => {
    sum += count
  })
  return sum
}

/** How many there are before a span, in it, and after it. */
export function countsAround(
  counts: SpanCounts,
  middle: number,
): { readonly before: number; readonly within: number; readonly after: number } {
  let [before, within, after] = [0, 0, 0]
  forEach(counts, (span, count) => {
    if (span < middle) before += count
    else if (span > middle) after += count
    else within += count
  })
  return { before, within, after }
}

function forEach(counts: SpanCounts | Counts, visit: (span: number, count: number) => void): void {
  if (!isList(counts)) {
    // By name, in rollups that were made before they were lists.
    for (const [name, count] of Object.entries(counts)) visit(Number(name), count)
    return
  }
  let span = 0
  for (let at = 0; at < counts.length; at += 2) {
    span += counts[at] as number
    visit(span, counts[at + 1] as number)
  }
}

const isList = (counts: SpanCounts | Counts): counts is SpanCounts => Array.isArray(counts)
