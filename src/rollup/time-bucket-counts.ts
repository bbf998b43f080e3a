// Counts by time bucket as one list of numbers. A path has hundreds of buckets in a day; a list is read several times as fast as
// an object, from a third of the bytes.

/** Pairs: how many buckets after the last one (the first counts from 1970), and its count. In order of time. */
export type TimeBucketCounts = readonly number[]

export function timeBucketCountsOf(counts: ReadonlyMap<number, number>): TimeBucketCounts {
  const list: number[] = []
  let last = 0
  for (const [bucket, count] of [...counts].sort(([a], [b]) => a - b)) {
    list.push(bucket - last, count)
    last = bucket
  }
  return list
}

export function mergeTimeBucketCounts(parts: readonly TimeBucketCounts[]): TimeBucketCounts {
  const [first = [], ...others] = parts.filter((part) => part.length > 0)
  if (others.length === 0) return first
  // Condensed ones mostly have one bucket, the same.
  if (first.length === 2 && others.every((part) => part.length === 2 && part[0] === first[0]))
    return [first[0] as number, others.reduce((sum, part) => sum + (part[1] as number), first[1] as number)]
  const sums = new Map<number, number>()
  for (const part of parts) forEach(part, (bucket, count) => sums.set(bucket, (sums.get(bucket) ?? 0) + count))
  return timeBucketCountsOf(sums)
}

export function countInTimeBuckets(counts: TimeBucketCounts): number {
  let sum = 0
  forEach(counts, (_, count) => {
    sum += count
  })
  return sum
}

/** The counts of all buckets before this one, in it and after it. */
export function countsAround(
  counts: TimeBucketCounts,
  middle: number,
): { readonly before: number; readonly within: number; readonly after: number } {
  let [before, within, after] = [0, 0, 0]
  let bucket = 0
  // A question goes through hundreds of thousands of these, which a call for each would slow down.
  for (let at = 0; at < counts.length; at += 2) {
    bucket += counts[at] as number
    const count = counts[at + 1] as number
    if (bucket < middle) before += count
    else if (bucket > middle) after += count
    else within += count
  }
  return { before, within, after }
}

/** As few buckets as tell the same around this one, and around later ones. All that are before it are in the first bucket of 1970. */
export function condensedAround(counts: TimeBucketCounts, middle: number): TimeBucketCounts {
  const { before, within, after } = countsAround(counts, middle)
  // Almost all are of days long past.
  if (within === 0 && after === 0) return before === 0 ? [] : [LONG_PAST, before]
  const around: [number, number][] = [
    [LONG_PAST, before],
    [middle, within],
    [middle + 1, after],
  ]
  return timeBucketCountsOf(new Map(around.filter(([, count]) => count > 0)))
}

const LONG_PAST = 0

/** Of condensed counts: whether all are before the bucket around which they were condensed. */
export const isLongPast = (counts: TimeBucketCounts): boolean =>
  counts.length === 0 || (counts.length === 2 && counts[0] === LONG_PAST)

function forEach(counts: TimeBucketCounts, visit: (bucket: number, count: number) => void): void {
  let bucket = 0
  for (let at = 0; at < counts.length; at += 2) {
    bucket += counts[at] as number
    visit(bucket, counts[at + 1] as number)
  }
}
