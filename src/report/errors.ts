// What went wrong in a flow, hour by hour, and where.

import { type ErrorBreakdown, errorBreakdownOf } from '../insight/error-breakdown.ts'
import { type Faults, faultsIn } from '../insight/errors.ts'
import { DAYS_BEFORE, type FaultHour, type Spike, spikeSentence, spikesOf } from '../insight/spikes.ts'
import { dayBounds, dayPlus, daysBetween } from '../lib/days.ts'
import type { RequestCounts } from '../rollup/event-aggregate.ts'
import { TIME_BUCKET_MS } from '../rollup/session-aggregate.ts'
import { HOUR_MS, type Span, spanAt } from '../rollup/time.ts'
import { merged, total } from '../stats/counts.ts'
import type { ReportContext } from './context.ts'
import { readContents, readSpans } from './event-aggregates.ts'
import { clockHoursOf } from './labelled-spans.ts'
import type { Period } from './period.ts'
import { countsOf, type Refusals, readRefusals } from './refusals.ts'
import type { WholeQuestion } from './whole.ts'

export type ErrorReport = {
  readonly resolution: 'hour' | 'day'
  /** Every hour or day of the period that has begun. */
  readonly points: readonly ErrorPoint[]
  readonly total: Faults
  readonly breakdown: ErrorBreakdown
  readonly spikes: readonly (Spike & { readonly sentence: string })[]
  /** Refusals are known from here on; there when that is not from the beginning of the period. */
  readonly incidentsSince?: number
}

export type ErrorPoint = Faults & {
  readonly from: number
  readonly until: number
  /** It is not over yet. */
  readonly isPartial: boolean
}

/** A longer period is told day by day. */
export const MOST_DAYS_BY_HOUR = 14

export async function errorReport(reader: ReportContext, question: WholeQuestion): Promise<ErrorReport> {
  const { flow, version, period } = question
  const history = earlier(period)
  // Incidents tell no version.
  const refusals = version === undefined ? await readRefusals(reader, flow, history.startsAt) : undefined
  const [hours, { errors }] = await Promise.all([
    readHours(reader, { ...question, period: history }, refusals),
    readContents(reader, { flow, version }, { from: period.startsAt, until: period.endsAt }),
  ])
  const asked = hours.filter(({ from }) => from >= period.startsAt)
  const isOver = ({ until }: FaultHour) => until <= reader.now
  const isByHour = daysBetween(period.from, period.until) < MOST_DAYS_BY_HOUR
  const isCut = refusals !== undefined && refusals.since > period.startsAt
  return {
    resolution: isByHour ? 'hour' : 'day',
    points: isByHour ? asked.map((hour) => pointOf(hour, [hour], reader.now)) : byDay(asked, period, reader.now),
    total: refusals ? faultsIn(asked) : { ...faultsIn(asked), refused: undefined },
    breakdown: errorBreakdownOf(errors),
    spikes: spikesOf(asked.filter(isOver), hours).map((spike) => ({ ...spike, sentence: spikeSentence(spike) })),
    ...(isCut && { incidentsSince: refusals.since }),
  }
}

/** With the days before it that its first day is held against. */
function earlier(period: Period): Period {
  const from = dayPlus(period.from, -DAYS_BEFORE)
  return { ...period, from, startsAt: dayBounds(from, period.timezone)?.from ?? period.startsAt }
}

/** Those that have begun. */
async function readHours(
  reader: ReportContext,
  { flow, version, period }: WholeQuestion,
  refusals: Refusals | undefined,
): Promise<FaultHour[]> {
  const hours = clockHoursOf(period).filter(({ from }) => from < reader.now)
  // Midnight is within an hour of UTC where clocks differ from it by half an hour.
  const detail = hours.every(({ from }) => from % HOUR_MS === 0) ? 'requestsByHour' : 'requests'
  const spans = await readSpans(reader, { flow, version }, { from: period.startsAt, until: period.endsAt }, detail)
  const answered = Map.groupBy(spans, ([span]) => spanAt(hours, span * TIME_BUCKET_MS))
  const refused = Map.groupBy(refusals?.items ?? [], ({ at }) => spanAt(hours, at))
  return hours.map((hour) => ({
    ...hour,
    ...answeredIn((answered.get(hour) ?? []).map(([, traffic]) => traffic)),
    refused: refusals && refusals.since <= hour.from ? countsOf(refused.get(hour) ?? []) : undefined,
  }))
}

const answeredIn = (spans: readonly RequestCounts[]): Pick<Faults, 'answered' | 'withErrors'> => ({
  answered: total(spans.map(({ requests }) => requests)),
  withErrors: merged(
    spans.map(({ withErrors }) => withErrors),
    total,
  ),
})

function byDay(hours: readonly FaultHour[], { timezone }: Period, now: number): ErrorPoint[] {
  return [...Map.groupBy(hours, ({ day }) => day)].flatMap(([day, some]) => {
    const bounds = dayBounds(day, timezone)
    return bounds ? [pointOf(bounds, some, now)] : []
  })
}

const pointOf = ({ from, until }: Span, hours: readonly FaultHour[], now: number): ErrorPoint => ({
  from,
  until,
  isPartial: until > now,
  ...faultsIn(hours),
})
