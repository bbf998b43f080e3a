import type { Outline } from '../flow/outline.ts'
import { sessionsIn } from '../insight/endings.ts'
import { largest } from '../rollup/largest-names.ts'
import { MOST_ROWS, OTHER } from '../rollup/limits.ts'
import { count, toCounts } from '../stats/counts.ts'
import type { ReportContext } from './context.ts'
import { allFlowsReport } from './flow-report.ts'
import { wholeOf } from './labelled-spans.ts'
import type { Period } from './period.ts'
import { readStatistics } from './slices.ts'

export const flowsReport = allFlowsReport(lineOf)

/** Of all names of versions. */
const BYTES = 16_000

async function lineOf(context: ReportContext, flow: string, period: Period) {
  const found = await readStatistics(context, { flow, spans: wholeOf(period) }, 'paths')
  const all = new Map(found.map(({ version, statistics }) => [version, sessionsIn(statistics.paths)]))
  const kept = largest(all, { most: MOST_ROWS.versions, bytes: BYTES })
  const versions = new Map<string, number>()
  for (const [version, sessions] of all) count(versions, kept?.has(version) === false ? OTHER : version, sessions)
  const outline = context.flows.get(flow)
  return {
    flow,
    ...(outline && { current: currentOf(outline) }),
    versions: Object.entries(toCounts(versions)).map(([version, sessions]) => ({ version, sessions })),
  }
}

const currentOf = ({ version, start, screens, titles, funnel }: Outline) => ({
  version,
  start,
  screens,
  titles,
  funnel,
})
