/** A report, or why there is none: one sentence for the person who asked, without its full stop. */
export type ReportResult<T> =
  | { readonly ok: true; readonly report: T }
  | { readonly ok: false; readonly code: ProblemCode; readonly message: string }

/** `busy`: too many questions are waiting; try again later. */
type ProblemCode = 'not_found' | 'bad_parameter' | 'busy'

export type ReportProblem = Exclude<ReportResult<never>, { readonly ok: true }>

export const reported = <T>(report: T): ReportResult<T> => ({ ok: true, report })

const problem =
  (code: ProblemCode) =>
  (message: string): ReportProblem => ({ ok: false, code, message })

export const notFound = problem('not_found')
export const badParameter = problem('bad_parameter')
export const busy = problem('busy')
