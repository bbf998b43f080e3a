import { frictionOf } from '../insight/friction.ts'
import { flowReport } from './flow-report.ts'
import { reported } from './result.ts'
import { readPeriod } from './slices.ts'

export const frictionReport = flowReport(async (context, query) =>
  reported({ screens: frictionOf(await readPeriod(context, query)) }),
)
