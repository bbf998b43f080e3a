/** An answer, or why the question has none: a sentence for whoever asked. */
export type ReportResult<T> =
  | { readonly ok: true; readonly report: T }
  | { readonly ok: false; readonly code: ProblemCode; readonly message: string }

export type ProblemCode = 'not_found' | 'bad_parameter'

export type ReportProblem = Exclude<ReportResult<never>, { readonly ok: true }>

export const reported = <T>(report: T): ReportResult<T> => ({ ok: true, report })

export const notFound = (message: string): ReportProblem => ({ ok: false, code: 'not_found', message })

export const badParameter = (message: string): ReportProblem => ({ ok: false, code: 'bad_parameter', message })
