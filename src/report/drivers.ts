import { driversOf, sentenceOf } from '../insight/drivers.ts'
import type { Factor } from '../insight/shapes.ts'
import type { LabelledStatistics } from '../rollup/rollups.ts'
import type { Path } from '../rollup/session-statistics.ts'
import { getOrCreate } from '../stats/counts.ts'
import { flowReport } from './flow-report.ts'
import { byWeekdayAndHour } from './labelled-spans.ts'
import { reported } from './result.ts'
import { readPeriod, readStatistics } from './slices.ts'

export const driverReport = flowReport(async (context, query) => {
  const { flow, version, period } = query
  const all = await readPeriod(context, query)
  // Hours are much to read, and their paths are enough.
  const byHour = await readStatistics(context, { flow, version, spans: byWeekdayAndHour(period) }, 'paths')
  const drivers = driversOf({ choices: context.flows.get(flow)?.choices ?? {}, all, slices: slicesOf(byHour) })
  return reported({ drivers: drivers.map((driver) => ({ ...driver, sentence: sentenceOf(driver) })) })
})

/** The same paths by weekday, by hour and by version. */
function slicesOf(byHour: readonly LabelledStatistics[]) {
  const slices = new Map<string, { readonly factor: Factor; readonly paths: Path[] }>()
  for (const { label, version, statistics } of byHour) {
    const [weekday, hour] = JSON.parse(label) as [weekday: number, hour: number]
    const factors: Factor[] = [
      { kind: 'weekday', weekday },
      { kind: 'hour', hour },
      { kind: 'version', version },
    ]
    for (const factor of factors) {
      const { paths } = getOrCreate(slices, JSON.stringify(factor), () => ({ factor, paths: [] }))
      for (const path of statistics.paths) paths.push(path)
    }
  }
  return [...slices.values()]
}
