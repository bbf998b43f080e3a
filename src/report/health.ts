// How a flow does now, and did in the day before, in Meta's terms.

import { HALF_HOUR_BUCKETS, type Health, healthAt } from '../insight/health.ts'
import { HOUR_BUCKETS } from '../rollup/event-aggregate.ts'
import { TIME_BUCKET_MS, timeBucketOf } from '../rollup/session-aggregate.ts'
import type { ReportContext } from './context.ts'
import { readDurations } from './event-aggregates.ts'
import { countsOf, type Refusals, readRefusals } from './refusals.ts'

export type HealthPoint = Health & {
  /** The instant that it is of: the end of its newest span, or the one it was asked for. */
  readonly at: number
}

export type HealthReport = {
  readonly now: HealthPoint
  /** Oldest first, `now` the last. */
  readonly curve: readonly HealthPoint[]
  /** Refusals are known from here on; there when that is not from the beginning of the first window. */
  readonly incidentsSince?: number
}

/** A day, a point for each span. */
export const POINTS = (24 * 3_600_000) / TIME_BUCKET_MS

/** `at`: now, or an instant before. */
export async function healthReport(reader: ReportContext, flow: string, at: number): Promise<HealthReport> {
  const newest = timeBucketOf(at)
  const first = newest - POINTS + 1
  const [from, until] = [(first - HOUR_BUCKETS + 1) * TIME_BUCKET_MS, (newest + 1) * TIME_BUCKET_MS]
  const refusedFrom = (first - HALF_HOUR_BUCKETS + 1) * TIME_BUCKET_MS
  const [answered, refusals] = await Promise.all([
    readDurations(reader, { flow }, { from, until }),
    readRefusals(reader, flow, refusedFrom),
  ])
  const watched = { answered, refused: refusedIn(refusals) }
  const curve = Array.from({ length: POINTS }, (_, index): HealthPoint => {
    const span = first + index
    return { at: Math.min(at, (span + 1) * TIME_BUCKET_MS), ...healthAt(watched, span) }
  })
  const isCut = refusals.since > refusedFrom
  return { now: curve.at(-1) as HealthPoint, curve, ...(isCut && { incidentsSince: refusals.since }) }
}

function refusedIn(refusals: Refusals) {
  const bySpan = Map.groupBy(refusals.items, ({ at }) => timeBucketOf(at))
  return (span: number) => (refusals.since <= span * TIME_BUCKET_MS ? countsOf(bySpan.get(span) ?? []) : undefined)
}
