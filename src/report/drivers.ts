import { type Driver, driversOf, type Factor, sentenceOf } from '../insight/drivers.ts'
import type { LabelledStatistics } from '../rollup/rollups.ts'
import { flowReport } from './flow-report.ts'
import { byWeekdayAndHour } from './labelled-spans.ts'
import { reported } from './result.ts'
import { readPeriod, readStatistics } from './slices.ts'

export type DriverLine = Driver & { readonly sentence: string }

export const driverReport = flowReport(async (context, query) => {
  const { flow, version, period } = query
  const all = await readPeriod(context, query)
  // By the hour there is much to read, and paths are enough.
  const byHour = await readStatistics(context, { flow, version, spans: byWeekdayAndHour(period) }, 'paths')
  const startOf = ({ label }: LabelledStatistics) => JSON.parse(label) as [weekday: number, hour: number]
  const drivers = driversOf({
    choices: context.flows.get(flow)?.choices ?? {},
    all,
    slices: [
      ...slicesBy(
        byHour,
        (each) => startOf(each)[0],
        (weekday) => ({ kind: 'weekday', weekday }),
      ),
      ...slicesBy(
        byHour,
        (each) => startOf(each)[1],
        (hour) => ({ kind: 'hour', hour }),
      ),
      ...slicesBy(
        byHour,
        (each) => each.version,
        (version) => ({ kind: 'version', version }),
      ),
    ],
  })
  return reported({ drivers: drivers.map((driver): DriverLine => ({ ...driver, sentence: sentenceOf(driver) })) })
})

const slicesBy = <T>(
  statistics: readonly LabelledStatistics[],
  keyOf: (of: LabelledStatistics) => T,
  factorOf: (value: T) => Factor,
) =>
  [...Map.groupBy(statistics, keyOf)].map(([value, group]) => ({
    factor: factorOf(value),
    paths: group.flatMap(({ statistics }) => statistics.paths),
  }))
