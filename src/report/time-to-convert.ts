import { timeToConvert } from '../insight/time-to-convert.ts'
import { flowReport } from './flow-report.ts'
import { reported } from './result.ts'
import { readPeriod } from './slices.ts'

export const timeToConvertReport = flowReport(async (context, query) =>
  reported(timeToConvert(await readPeriod(context, query))),
)
