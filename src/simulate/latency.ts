// Percentiles of any number of durations in fixed memory: buckets that grow by one per cent, so results are that exact.

export type Latencies = {
  add(ms: number): void
  /** The duration that this share (0 to 1) of all durations does not exceed; 0 when there are none. */
  quantile(share: number): number
  max(): number
}

const LEAST_MS = 0.01
const GROWTH = Math.log(1.01)
/** Reaches beyond ten minutes; a request is given up on long before. */
const BUCKETS = 1_900

export function createLatencies(): Latencies {
  const counts = new Uint32Array(BUCKETS)
  let total = 0
  let longest = 0
  return {
    add(ms) {
      const bucket = Math.ceil(Math.log(Math.max(ms, LEAST_MS) / LEAST_MS) / GROWTH)
      counts[Math.min(bucket, BUCKETS - 1)] = (counts[Math.min(bucket, BUCKETS - 1)] ?? 0) + 1
      total++
      longest = Math.max(longest, ms)
    },
    quantile(share) {
      if (total === 0) return 0
      let seen = 0
      const bucket = counts.findIndex((count) => {
        seen += count
        return seen >= share * total
      })
      return rounded(Math.min(LEAST_MS * Math.exp(bucket * GROWTH), longest))
    },
    max: () => rounded(longest),
  }
}

const rounded = (ms: number): number => Math.round(ms * 100) / 100
