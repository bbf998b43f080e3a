import { screenNamer } from '../flow/screen-names.ts'
import { driversOf, sentenceOf } from '../insight/drivers.ts'
import type { Factor } from '../insight/shapes.ts'
import { dayBounds } from '../lib/days.ts'
import { DAY_MS } from '../lib/units.ts'
import type { LabelledExits } from '../rollup/rollups.ts'
import type { LabelledSpan } from '../rollup/storage.ts'
import type { ReportContext } from './context.ts'
import { type FlowQuery, flowReport } from './flow-report.ts'
import { byDay, byWeekdayAndHour, dayIn } from './labelled-spans.ts'
import { reported } from './result.ts'
import { readExits, readPeriod, readSlices } from './slices.ts'

export const driverReport = flowReport(async (context, query) => {
  const { flow, version, period } = query
  const [all, byHour, days] = await Promise.all([
    readPeriod(context, query, 'outcomes'),
    readExits(context, { flow, version, spans: byWeekdayAndHour(period) }),
    daysWithSessions(context, query),
  ])
  const { choices = {}, titles = {} } = context.flows.get(flow) ?? {}
  const nameOf = screenNamer(titles)
  const drivers = driversOf({ choices, all, days, slices: byHour.map(sliceOf) })
  const told = drivers.map((driver) => {
    return { ...driver, sentence: sentenceOf({ ...driver, screen: nameOf(driver.screen) }, period) }
  })
  return reported({ drivers: told })
})

/** From the first day with sessions to the end of the period, or to now. */
async function daysWithSessions(context: ReportContext, { flow, version, period }: FlowQuery): Promise<number> {
  const daysAmong = async (spans: readonly LabelledSpan[]) => {
    const slices = await readSlices(context, { flow, version, spans }, false)
    return slices.map(({ label }) => dayIn(label)).sort()
  }
  const [first, ...others] = byDay(period)
  // Almost always somebody came on the first day, and the others need not be read.
  const [day = period.from] = first && (await daysAmong([first])).length > 0 ? [] : await daysAmong(others)
  const startsAt = dayBounds(day, period.timezone)?.from ?? period.startsAt
  return Math.max(1, (Math.min(period.endsAt, context.now) - startsAt) / DAY_MS)
}

/** `label`: of `byWeekdayAndHour`. */
function sliceOf({ label, version, exits }: LabelledExits) {
  const [weekday, hour] = JSON.parse(label) as [weekday: number, hour: number]
  const factors: Factor[] = [
    { kind: 'weekday', weekday },
    { kind: 'hour', hour },
    { kind: 'version', version },
  ]
  return { factors, exits }
}
