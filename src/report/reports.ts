// Every question that the query worker answers, by name. Questions and reports are plain data: they cross threads.

import { MAX_SENT_BYTES } from '../flow/reply.ts'
import { screenNamer } from '../flow/screen-names.ts'
import { dwellOfSteps, frictionOf } from '../insight/friction.ts'
import { latencyOf } from '../insight/latency.ts'
import { payloadsOf } from '../insight/payloads.ts'
import { findingsOf } from '../insight/quality.ts'
import { timeToConvert } from '../insight/time-to-convert.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { answersReport } from './answers.ts'
import { contextOf, type ReportContext, type ReportDeps, titlesOf } from './context.ts'
import { driverReport } from './drivers.ts'
import { errorReport } from './errors.ts'
import { readContents } from './event-aggregates.ts'
import { exportReport } from './exports.ts'
import { flowReport } from './flow-report.ts'
import { flowsReport } from './flows.ts'
import { funnelReport } from './funnel.ts'
import { healthReport } from './health.ts'
import { incidentReport } from './incidents.ts'
import { overviewReport } from './overview.ts'
import { pathReport } from './paths.ts'
import { type ReportResult, reported } from './result.ts'
import { sessionReport } from './session.ts'
import { sessionCountReport, sessionsReport } from './sessions.ts'
import { readPeriod } from './slices.ts'
import { trendReport } from './trend.ts'

/** A report on all sessions of a period. */
const sessionStatisticsReport = <R>(detail: 'convert' | 'all', show: (statistics: SessionStatistics) => R) =>
  flowReport(async (context, query) => reported(show(await readPeriod(context, query, detail))))

const frictionReport = flowReport(async (context, query) => {
  const statistics = await readPeriod(context, query, 'all')
  /** Those of the config. */
  const steps = context.flows.get(query.flow)?.funnel ?? []
  return reported({ screens: frictionOf(statistics), steps: dwellOfSteps(statistics, steps) })
})

const payloadReport = flowReport(async (context, query) =>
  reported({ limitBytes: MAX_SENT_BYTES, screens: payloadsOf(await readContents(context, query), MAX_SENT_BYTES) }),
)

const qualityReport = flowReport(async (context, query) => {
  const { screens, titles = {} } = context.flows.get(query.flow) ?? {}
  const [statistics, events] = await Promise.all([readPeriod(context, query, 'all'), readContents(context, query)])
  return reported({ findings: findingsOf({ ...events, statistics, screens, nameOf: screenNamer(titles) }) })
})

/** With the titles of the screens. */
async function titledSessionReport(context: ReportContext, question: Parameters<typeof sessionReport>[1]) {
  const result = await sessionReport(context, question)
  return result.ok ? reported({ ...result.report, titles: titlesOf(context, result.report.session.flow) }) : result
}

export const REPORTS = {
  overview: overviewReport,
  flows: flowsReport,
  funnel: funnelReport,
  friction: frictionReport,
  paths: pathReport,
  drivers: driverReport,
  latency: sessionStatisticsReport('all', (statistics) => ({ screens: latencyOf(statistics) })),
  'time-to-convert': sessionStatisticsReport('convert', timeToConvert),
  trend: trendReport,
  quality: qualityReport,
  errors: errorReport,
  health: healthReport,
  payloads: payloadReport,
  sessions: sessionsReport,
  'session-count': sessionCountReport,
  session: titledSessionReport,
  incidents: incidentReport,
  exports: exportReport,
  answers: answersReport,
} as const

export type ReportName = keyof typeof REPORTS

export type QuestionOf<N extends ReportName> = Parameters<(typeof REPORTS)[N]>[1]

export type ReportOf<N extends ReportName> = Extract<
  Awaited<ReturnType<(typeof REPORTS)[N]>>,
  { readonly ok: true }
>['report']

/** Answers one question as of `now`. Rejects if the store is unavailable. */
export type AskReport = <N extends ReportName>(
  name: N,
  question: QuestionOf<N>,
  now: number,
) => Promise<ReportResult<ReportOf<N>>>

export const reportsFrom =
  (deps: ReportDeps): AskReport =>
  (name, question, now) =>
    TABLE[name](contextOf(deps, now), question)

/** The same table, typed so that name, question and report belong together. */
const TABLE: {
  readonly [N in ReportName]: (context: ReportContext, question: QuestionOf<N>) => Promise<ReportResult<ReportOf<N>>>
} = REPORTS
