import type { LoggedInAccount } from './auth/login-sessions.ts'
import type { AdminDeps } from './deps.ts'
import type { Calendar } from './local-time.ts'

/** One request to the admin. */
export type AdminRequest = {
  readonly request: Request
  readonly url: URL
  readonly ip: string
  /** Who is logged in, if anybody. */
  readonly visitor?: LoggedInAccount
}

/** One request of somebody who is logged in. */
export type AccountRequest = AdminRequest & { readonly visitor: LoggedInAccount }

/** What pages are given beyond the dependencies. */
export type PageDeps = AdminDeps & { readonly calendar: Calendar }
