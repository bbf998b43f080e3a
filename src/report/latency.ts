import { latencyOf } from '../insight/latency.ts'
import { flowReport } from './flow-report.ts'
import { reported } from './result.ts'
import { readPeriod } from './slices.ts'

export const latencyReport = flowReport(async (context, query) =>
  reported({ screens: latencyOf(await readPeriod(context, query)) }),
)
