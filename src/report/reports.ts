// Every question that the query worker answers, by name. Questions and reports are plain data: they cross threads.

import { contextOf, type ReportContext, type ReportDeps } from './context.ts'
import { driverReport } from './drivers.ts'
import { errorReport } from './errors.ts'
import { flowsReport } from './flows.ts'
import { frictionReport } from './friction.ts'
import { funnelReport } from './funnel.ts'
import { healthReport } from './health.ts'
import { incidentReport } from './incidents.ts'
import { latencyReport } from './latency.ts'
import { pathReport } from './paths.ts'
import { payloadReport } from './payloads.ts'
import { qualityReport } from './quality.ts'
import type { ReportResult } from './result.ts'
import { sessionReport } from './session.ts'
import { sessionsReport } from './sessions.ts'
import { timeToConvertReport } from './time-to-convert.ts'
import { trendReport } from './trend.ts'

export const REPORTS = {
  flows: flowsReport,
  funnel: funnelReport,
  friction: frictionReport,
  paths: pathReport,
  drivers: driverReport,
  latency: latencyReport,
  timeToConvert: timeToConvertReport,
  trend: trendReport,
  quality: qualityReport,
  errors: errorReport,
  health: healthReport,
  payloads: payloadReport,
  sessions: sessionsReport,
  session: sessionReport,
  incidents: incidentReport,
} as const

export type ReportName = keyof typeof REPORTS

export type QuestionOf<N extends ReportName> = Parameters<(typeof REPORTS)[N]>[1]

export type ReportOf<N extends ReportName> = Extract<
  Awaited<ReturnType<(typeof REPORTS)[N]>>,
  { readonly ok: true }
>['report']

/** Answers one question as of `now`. Rejects when the store is out of reach. */
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
