import type { ReportProblem } from '../../report/result.ts'
import type { LoggedInAccount } from '../auth/login-sessions.ts'
import { HOME, messageResponse } from './message.tsx'

const TITLES: { readonly [code in ReportProblem['code']]: { readonly title: string; readonly status: number } } = {
  bad_parameter: { title: 'This address asks for something that is not there', status: 400 },
  not_found: { title: 'No such page', status: 404 },
  busy: { title: 'Too many questions at once', status: 503 },
}

/** Why there is no report. `back`: the page without the filters, or the overview where the page itself is not there. */
export function problemResponse(
  request: Request,
  user: LoggedInAccount,
  { code, message }: ReportProblem,
  back: string,
): Response {
  const { title, status } = TITLES[code]
  const link = back === HOME.href ? HOME : { href: back, label: 'Show it without filters' }
  return messageResponse(request, { title, text: `${message}.`, link }, status, user)
}
