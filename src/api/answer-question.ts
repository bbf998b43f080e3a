// From what was asked to the text of the answer, wherever the asking came from.

import { contextOf, type ReportDeps } from '../report/context.ts'
import type { AuditKind } from '../store/audit-kinds.ts'
import { readQuery } from './read-query.ts'
import { RESOURCES } from './resources.ts'
import { type ApiResponse, apiResponse, errorResponse } from './response.ts'

/** One question to the API, as plain data. */
export type ApiQuestion = {
  /** Of the resource, as `RESOURCES` has it. */
  readonly path: string
  /** The parts of the address that stand for something, such as `flow`. */
  readonly params: { readonly [name: string]: string }
  /** What follows the question mark. */
  readonly search: string
  /** What a flow token that it asks for may be stored as; the first is how it may be written down. Empty when it asks for none. */
  readonly tokens: readonly string[]
  /** Who asks, as the audit log calls them. */
  readonly caller: string
  /** The instant that the answer is as of. */
  readonly now: number
}

/** Rejects when the store is out of reach. */
export const answersFrom =
  (deps: ReportDeps) =>
  async ({ path, params, search, tokens, caller, now }: ApiQuestion): Promise<ApiResponse> => {
    const resource = RESOURCES.find((each) => each.path === path)
    if (!resource) throw new Error(`the API has no ${path}`)
    const query = readQuery(resource.parameters, new URLSearchParams(search))
    const reader = contextOf(deps, now)
    const audit = (what: AuditKind, detail: string) => deps.store.audit({ at: now, who: caller, what, detail })
    const told = query.ok ? await resource.read({ reader, params, query: query.report, tokens, audit }) : query
    if (told.ok) return apiResponse(200, told.report)
    return errorResponse(told.code === 'not_found' ? 404 : 400, told.code, `${told.message}.`)
  }
