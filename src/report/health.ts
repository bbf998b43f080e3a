// How a flow does now and did in the day before, in Meta's terms.

import { HALF_HOUR_BUCKETS, healthAt } from '../insight/health.ts'
import { DAY_MS } from '../lib/units.ts'
import { HOUR_BUCKETS } from '../rollup/event-aggregate.ts'
import { TIME_BUCKET_MS, timeBucketOf } from '../rollup/session-aggregate.ts'
import type { ReportContext } from './context.ts'
import { readDurations } from './event-aggregates.ts'
import { countsOf, type Refusals, readRefusals } from './refusals.ts'
import { badParameter, notFound, reported } from './result.ts'
import type { HealthPoint } from './shapes.ts'
import { isKnownFlow, unknownFlow } from './unknown-names.ts'

/** `at`: now by default, or an earlier instant. `points`: of the curve, from 1 up; a day of them by default. */
type HealthQuestion = { readonly flow: string; readonly at?: number | undefined; readonly points?: number | undefined }

/** One for every five minutes. */
const POINTS_OF_DAY = DAY_MS / TIME_BUCKET_MS

export async function healthReport(
  context: ReportContext,
  { flow, at = context.now, points = POINTS_OF_DAY }: HealthQuestion,
) {
  if (!(await isKnownFlow(context, flow))) return unknownFlow(context, flow)
  if (at > context.now)
    return badParameter(`\`at\` is ${new Date(at).toISOString()}; expected an instant that is not to come`)
  // At whole five minutes the newest are those that end then: the next have only begun.
  const newest = timeBucketOf(at - 1)
  const first = newest - points + 1
  const [from, until] = [(first - HOUR_BUCKETS + 1) * TIME_BUCKET_MS, (newest + 1) * TIME_BUCKET_MS]
  const { eventsBefore } = await context.store.frozen()
  if (from < eventsBefore)
    return notFound(
      `Health is told from single requests, and those before ${new Date(eventsBefore).toISOString()} were removed`,
    )
  const refusedFrom = (first - HALF_HOUR_BUCKETS + 1) * TIME_BUCKET_MS
  const [answered, refusals] = await Promise.all([
    readDurations(context, { flow }, { from, until }),
    readRefusals(context, flow, refusedFrom),
  ])
  const received = { answered, refusedIn: refusedIn(refusals) }
  const curve = Array.from({ length: points }, (_, index): HealthPoint => {
    const bucket = first + index
    return { at: Math.min(at, (bucket + 1) * TIME_BUCKET_MS), ...healthAt(received, bucket) }
  })
  const isCut = refusals.since > refusedFrom
  return reported({
    flow,
    /** Refusals are known from this instant on; absent if they are known for every window. */
    ...(isCut && { incidentsSince: refusals.since }),
    now: curve.at(-1) as HealthPoint,
    /** Oldest first, ends with `now`. */
    curve,
  })
}

function refusedIn({ items, since }: Refusals) {
  const byBucket = Map.groupBy(items, ({ at }) => timeBucketOf(at))
  return (bucket: number) => (since <= bucket * TIME_BUCKET_MS ? countsOf(byBucket.get(bucket) ?? []) : null)
}
