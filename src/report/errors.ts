// What went wrong in a flow: when, where, and in which hours more often than before.

import { errorBreakdownOf } from '../insight/error-breakdown.ts'
import { faultsIn } from '../insight/errors.ts'
import { DAYS_BEFORE, type FaultHour, type Spike, spikeSentence, spikesOf } from '../insight/spikes.ts'
import { dayBounds, dayPlus, daysBetween } from '../lib/days.ts'
import { HOUR_MS } from '../lib/units.ts'
import { TIME_BUCKET_MS } from '../rollup/session-aggregate.ts'
import { type Span, spanAt } from '../rollup/time.ts'
import { mergedBy, total } from '../stats/counts.ts'
import { rateOf } from '../stats/interval.ts'
import type { ReportContext } from './context.ts'
import { readContents, readRequests } from './event-aggregates.ts'
import { type FlowQuery, flowReport } from './flow-report.ts'
import { hoursOf } from './labelled-spans.ts'
import type { Period } from './period.ts'
import { countsOf, type Refusals, readRefusals } from './refusals.ts'
import { reported } from './result.ts'
import type { SpikeLine } from './shapes.ts'

/** Up to this many days the points are hours, beyond it days. */
const MOST_DAYS_BY_HOUR = 14

export const errorReport = flowReport(async (context, query) => {
  const { flow, version, period } = query
  const history = withDaysBefore(period)
  // Incidents have no version.
  const refusals = version === undefined ? await readRefusals(context, flow, history.startsAt) : undefined
  const [allHours, { errors }] = await Promise.all([
    readHours(context, { ...query, period: history }, refusals),
    readContents(context, query),
  ])
  const hours = allHours.filter(({ from }) => from >= period.startsAt)
  const isOver = ({ until }: FaultHour) => until <= context.now
  const isByHour = daysBetween(period.from, period.until) < MOST_DAYS_BY_HOUR
  const isCut = refusals !== undefined && refusals.since > period.startsAt
  return reported({
    resolution: isByHour ? ('hour' as const) : ('day' as const),
    /** Refusals are known from here on; absent when they are known for the whole period. */
    ...(isCut && { incidentsSince: refusals.since }),
    total: refusals ? faultsIn(hours) : { ...faultsIn(hours), refused: null },
    /** Every hour or day of the period that has begun. */
    points: isByHour ? hours.map((hour) => pointOf(hour, [hour], context.now)) : byDay(hours, period, context.now),
    breakdown: errorBreakdownOf(errors),
    spikes: spikesOf(hours.filter(isOver), allHours).map(spikeLineOf),
  })
})

/** The period, and the days before it that spikes of its first day compare with. */
function withDaysBefore(period: Period): Period {
  const from = dayPlus(period.from, -DAYS_BEFORE)
  return { ...period, from, startsAt: dayBounds(from, period.timezone)?.from ?? period.startsAt }
}

/** The hours of the period that have begun. */
async function readHours(
  context: ReportContext,
  { flow, version, period }: FlowQuery,
  refusals: Refusals | undefined,
): Promise<FaultHour[]> {
  const hours = hoursOf(period).filter(({ from }) => from < context.now)
  // Midnight falls within an hour of UTC where clocks differ from it by half an hour.
  const detail = hours.every(({ from }) => from % HOUR_MS === 0) ? 'requestsByHour' : 'requests'
  const span = { from: period.startsAt, until: period.endsAt }
  const requests = await readRequests(context, { flow, version }, span, detail)
  const answered = Map.groupBy(requests, ([bucket]) => spanAt(hours, bucket * TIME_BUCKET_MS))
  const refused = Map.groupBy(refusals?.items ?? [], ({ at }) => spanAt(hours, at))
  return hours.map((hour) => {
    const parts = (answered.get(hour) ?? []).map(([, counts]) => counts)
    return {
      ...hour,
      answered: total(parts.map((part) => part.requests)),
      errors: mergedBy(parts, (part) => part.withErrors, total),
      refused: refusals && refusals.since <= hour.from ? countsOf(refused.get(hour) ?? []) : null,
    }
  })
}

const byDay = (hours: readonly FaultHour[], { timezone }: Period, now: number) =>
  [...Map.groupBy(hours, ({ day }) => day)].flatMap(([day, ofDay]) => {
    const bounds = dayBounds(day, timezone)
    return bounds ? [pointOf(bounds, ofDay, now)] : []
  })

const pointOf = ({ from, until }: Span, hours: readonly FaultHour[], now: number) => ({
  from,
  until,
  isPartial: until > now,
  ...faultsIn(hours),
})

const spikeLineOf = (spike: Spike): SpikeLine => {
  const { hour, fault, errors, requests, before, p, q } = spike
  return {
    sentence: spikeSentence(spike),
    from: hour.from,
    until: hour.until,
    category: fault,
    now: rateOf(errors, requests),
    before: rateOf(before.errors, before.requests),
    p,
    q,
  }
}
