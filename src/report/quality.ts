import { findingsOf } from '../insight/quality.ts'
import { readContents } from './event-aggregates.ts'
import { flowReport } from './flow-report.ts'
import { reported } from './result.ts'
import { readPeriod } from './slices.ts'

export const qualityReport = flowReport(async (context, query) => {
  const screens = context.flows.get(query.flow)?.screens ?? []
  const [statistics, { untracked, shared }] = await Promise.all([
    readPeriod(context, query),
    readContents(context, query),
  ])
  return reported({ findings: findingsOf({ statistics, screens, untracked, shared }) })
})
