// One resource: its address, its parameters, its report, and the shape of its answer.

import { z } from 'zod'
import { PERIOD } from '../query/parameters.ts'
import type { Parameters, QueryOf } from '../query/read-query.ts'
import type { Days, Period } from '../report/period.ts'
import type { AskReport, QuestionOf, ReportName, ReportOf } from '../report/reports.ts'
import { type ReportResult, reported } from '../report/result.ts'
import { period, showPeriod } from './shapes.ts'

export type ApiRequest<Q> = {
  /** The variable parts of the address, such as `flow`. */
  readonly params: { readonly [name: string]: string }
  readonly query: Q
  /** The query as it was sent. */
  readonly sent: { readonly [name: string]: string }
  /** What the audit log calls the caller. */
  readonly caller: string
  /** Each form in which a flow token may be stored; the audit log gets the first. */
  readonly formsOfToken: (typed: string) => readonly string[]
  /** The path of the server's public URL. */
  readonly base: string
}

export type Resource<A extends z.ZodType = z.ZodType> = {
  /** Below `/api/v1`, with parameters in braces. */
  readonly path: string
  readonly summary: string
  readonly parameters: Parameters
  readonly answer: A
  readonly read: (ask: AskReport, request: ApiRequest<unknown>, now: number) => Promise<ReportResult<unknown>>
}

/** The types ensure that `show` returns the shape of the answer. */
export const resource = <N extends ReportName, P extends Parameters, A extends z.ZodType>({
  report,
  question,
  show,
  ...described
}: {
  readonly path: string
  readonly summary: string
  readonly parameters: P
  readonly answer: A
  readonly report: N
  readonly question: (request: ApiRequest<QueryOf<P>>) => QuestionOf<N>
  readonly show: (report: ReportOf<N>) => z.input<A>
}): Resource<A> => ({
  ...described,
  async read(ask, request, now) {
    const result = await ask(report, question(request as ApiRequest<QueryOf<P>>), now)
    return result.ok ? reported(show(result.report)) : result
  },
})

/** The reports about one flow in a period. */
type FlowReportName = {
  [N in ReportName]: ReportOf<N> extends { readonly flow: string; readonly period: Period } ? N : never
}[ReportName]

const ABOUT = { flow: z.string(), period }

/** A report about one flow in a period, at an address of its name; the answer names flow and period. */
export const flowResource = <N extends FlowReportName, P extends Parameters, A extends z.ZodRawShape>(definition: {
  readonly report: N
  readonly summary: string
  readonly parameters: P
  readonly answer: A
  readonly question: (query: QueryOf<P>) => Omit<QuestionOf<N>, 'flow' | keyof Days>
  readonly show: (report: ReportOf<N>, request: ApiRequest<QueryOf<P>>) => z.input<z.ZodObject<A>>
}): Resource<z.ZodObject<typeof ABOUT & A>> => ({
  path: `/flows/{flow}/${definition.report}`,
  summary: definition.summary,
  parameters: { ...PERIOD, ...definition.parameters },
  answer: z.strictObject({ ...ABOUT, ...definition.answer }),
  async read(ask, asked, now) {
    const request = asked as ApiRequest<QueryOf<P & typeof PERIOD>>
    const { from, until } = request.query as QueryOf<typeof PERIOD>
    const question = { ...definition.question(request.query), flow: request.params.flow ?? '', from, until }
    const result = await ask(definition.report, question as QuestionOf<N>, now)
    if (!result.ok) return result
    const { flow, period } = result.report
    return reported({ flow, period: showPeriod(period), ...definition.show(result.report, request) })
  },
})
