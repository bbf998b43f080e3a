// One resource: its address, its parameters, its report, and the shape of its answer.

import type { z } from 'zod'
import type { Parameters, QueryOf } from '../query/read-query.ts'
import type { AskReport, QuestionOf, ReportName, ReportOf } from '../report/reports.ts'
import { type ReportResult, reported } from '../report/result.ts'
import { rendererOf } from './render.ts'

export type ApiRequest<Q> = {
  /** The variable parts of the address, such as `flow`. */
  readonly params: { readonly [name: string]: string }
  readonly query: Q
  /** The query as it was sent. */
  readonly sent: { readonly [name: string]: string }
  /** What the audit log calls the caller. */
  readonly caller: string
  /** Each form in which a flow token may be stored. */
  readonly formsOfToken: (typed: string) => readonly string[]
  /** What the audit log calls a flow token. */
  readonly auditedToken: (typed: string) => string
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

/** A function that makes `To` of `From`; needless where `From` is that already. */
type Conversion<Name extends string, From, To, Made> = [From] extends [To]
  ? { readonly [name in Name]?: Made }
  : { readonly [name in Name]: Made }

/** `question`: the query and the variable parts of the address, by default. `show`: the answer as it goes over the wire. */
export const resource = <N extends ReportName, P extends Parameters, A extends z.ZodType>({
  report,
  question = ({ params, query }) => ({ ...query, ...params }) as QuestionOf<N>,
  show,
  ...described
}: Pick<Resource<A>, 'path' | 'summary' | 'answer'> & { readonly parameters: P; readonly report: N } & Conversion<
    'question',
    QueryOf<P>,
    Omit<QuestionOf<N>, 'flow'>,
    (request: ApiRequest<QueryOf<P>>) => QuestionOf<N>
  > &
  Conversion<
    'show',
    ReportOf<N>,
    z.output<A>,
    (report: ReportOf<N>, request: ApiRequest<QueryOf<P>>) => z.input<A>
  >): Resource<A> => {
  const render = show ?? (rendererOf(described.answer) as (report: unknown) => z.input<A>)
  return {
    ...described,
    async read(ask, asked, now) {
      const request = asked as ApiRequest<QueryOf<P>>
      const result = await ask(report, question(request), now)
      return result.ok ? reported(render(result.report, request)) : result
    },
  }
}
