// Meta's own steps of slowness: a flow is warned of, throttled and blocked at p90 of 1, 5 and 7 seconds.
// https://developers.facebook.com/docs/whatsapp/flows/guides/healthmonitoring

export const LOAD_BUCKETS = ['<0.5s', '0.5-1s', '1-3s', '3-5s', '>=5s'] as const
export type LoadBucket = (typeof LOAD_BUCKETS)[number]

const UPPER_MS = [500, 1_000, 3_000, 5_000]

export function loadBucketOf(ms: number): LoadBucket {
  const index = UPPER_MS.findIndex((upper) => ms < upper)
  return LOAD_BUCKETS[index < 0 ? LOAD_BUCKETS.length - 1 : index] as LoadBucket
}
