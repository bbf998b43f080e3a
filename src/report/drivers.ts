import { type Driver, driversOf, type Factor, sentenceOf } from '../insight/drivers.ts'
import { mergeStatistics } from '../rollup/merge-statistics.ts'
import type { LabelledStatistics } from '../rollup/rollups.ts'
import type { ReportContext } from './context.ts'
import { byWeekdayAndHour, wholeOf } from './labelled-spans.ts'
import { readStatistics } from './slices.ts'
import type { WholeQuestion } from './whole.ts'

export type NamedDriver = Driver & { readonly sentence: string }

export async function driverReport(reader: ReportContext, question: WholeQuestion): Promise<readonly NamedDriver[]> {
  const { flow, version, period } = question
  // Everything, as days; and the paths alone by the hour, of which there are many.
  const whole = await readStatistics(reader, { flow, version, spans: wholeOf(period) }, 'all')
  const statistics = await readStatistics(reader, { flow, version, spans: byWeekdayAndHour(period) }, 'paths')
  const weekdayAndHour = ({ label }: LabelledStatistics) => JSON.parse(label) as [weekday: number, hour: number]
  const drivers = driversOf({
    choices: reader.flows.get(flow)?.choices ?? {},
    all: mergeStatistics(whole.map(({ statistics }) => statistics)),
    slices: [
      ...slicesBy(
        statistics,
        (tally) => weekdayAndHour(tally)[0],
        (weekday) => ({ kind: 'weekday', weekday }),
      ),
      ...slicesBy(
        statistics,
        (tally) => weekdayAndHour(tally)[1],
        (hour) => ({ kind: 'hour', hour }),
      ),
      ...slicesBy(
        statistics,
        (tally) => tally.version,
        (version) => ({ kind: 'version', version }),
      ),
    ],
  })
  return drivers.map((driver) => ({ ...driver, sentence: sentenceOf(driver) }))
}

const slicesBy = <T>(
  statistics: readonly LabelledStatistics[],
  of: (tally: LabelledStatistics) => T,
  factor: (of: T) => Factor,
) =>
  [...Map.groupBy(statistics, of)].map(([value, some]) => ({
    factor: factor(value),
    paths: some.flatMap(({ statistics }) => statistics.paths),
  }))
