import type { Visitor } from './auth/login.ts'
import type { Calendar } from './calendar.ts'
import type { AdminDeps } from './deps.ts'

/** One request to the admin. */
export type Visit = {
  readonly request: Request
  readonly url: URL
  readonly ip: string
  /** Who is logged in, if anybody. */
  readonly visitor?: Visitor
}

/** One request of somebody who is logged in. */
export type KnownVisit = Visit & { readonly visitor: Visitor }

/** What pages are given beyond the dependencies. */
export type PageDeps = AdminDeps & { readonly calendar: Calendar }
