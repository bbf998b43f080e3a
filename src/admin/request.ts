import type { LoggedInAccount } from './auth/login-sessions.ts'
import type { AdminDeps } from './deps.ts'
import type { LocalTimeFormat } from './local-time.ts'

/** One request to the admin. */
export type AdminRequest = {
  readonly request: Request
  readonly url: URL
  readonly ip: string
  /** Absent if the sender is not logged in. */
  readonly user?: LoggedInAccount
}

/** One request from a logged-in account. */
export type AccountRequest = AdminRequest & { readonly user: LoggedInAccount }

export type PageDeps = AdminDeps & { readonly localTime: LocalTimeFormat }
