// What reports about one flow have in common: the flow must be known, and the days must make a period.

import type { Outline } from '../flow/outline.ts'
import { otherFlows, type ReportContext, titlesOf } from './context.ts'
import { type Days, type Period, periodOf } from './period.ts'
import { removedBefore } from './removed.ts'
import { type ReportResult, reported } from './result.ts'
import { isKnownFlow, unknownFlow } from './unknown-names.ts'

/** `version`: the version that sessions began in, or that answered a request. */
export type FlowQuestion = Days & { readonly flow: string; readonly version?: string | undefined }

/** A question whose days have become a period. */
export type FlowQuery<Q extends FlowQuestion = FlowQuestion> = Q & { readonly period: Period }

/** `removedBefore`: what came before that instant is not counted any more. */
type FlowReport<R> = {
  readonly flow: string
  readonly period: Period
  readonly removedBefore?: number
  readonly titles: Outline['titles']
} & R

export const flowReport =
  <Q extends FlowQuestion, R>(read: (context: ReportContext, query: FlowQuery<Q>) => Promise<ReportResult<R>>) =>
  async (context: ReportContext, question: Q): Promise<ReportResult<FlowReport<R>>> => {
    const { flow } = question
    if (!(await isKnownFlow(context, flow))) return unknownFlow(context, flow)
    const period = periodOf(question, context.timezone, context.now)
    if (!period.ok) return period
    const result = await read(context, { ...question, period: period.report })
    if (!result.ok) return result
    const removed = await removedBefore(context, period.report)
    return reported({ flow, period: period.report, ...removed, titles: titlesOf(context, flow), ...result.report })
  }

/** A line for each flow: those of the config in its order, then the others. `countedFrom`: the first period whose numbers a line tells. */
export const allFlowsReport =
  <L>(
    lineOf: (context: ReportContext, flow: string, period: Period) => Promise<L>,
    countedFrom = (period: Period) => period,
  ) =>
  async (context: ReportContext, days: Days) => {
    const result = periodOf(days, context.timezone, context.now)
    if (!result.ok) return result
    const period = result.report
    const linesOf = (flows: readonly string[]) => Promise.all(flows.map((flow) => lineOf(context, flow, period)))
    // A database can take its time to tell which other flows there are.
    const [removed, configured, others] = await Promise.all([
      removedBefore(context, countedFrom(period)),
      linesOf([...context.flows.keys()]),
      otherFlows(context).then(linesOf),
    ])
    return reported({ period, ...removed, flows: [...configured, ...others] })
  }
