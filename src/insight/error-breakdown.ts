// The errors of a period: which ones, and where.

import { type ErrorCategory, errorCategoryOf } from '../rollup/error-category.ts'
import type { Counts } from '../stats/counts.ts'
import type { ErrorBreakdown } from './shapes.ts'

/** `errors`: by screen and kind, as in `EventAggregate`. */
export function errorBreakdownOf(errors: Counts<Counts>): ErrorBreakdown {
  const all = Object.entries(errors)
    .flatMap(([screen, kinds]) => Object.entries(kinds).map(([kind, n]) => ({ screen, n, ...parseKind(kind) })))
    .sort((a, b) => b.n - a.n)
  const of = (category: ErrorCategory) => all.filter(({ code }) => errorCategoryOf(code) === category)
  return {
    validation: of('validation').map(({ screen, field = '', rule = '', n }) => ({ screen, field, rule, n })),
    client: of('client').map(({ screen, code, n }) => ({ screen, key: code.slice(CLIENT.length), n })),
    upstream: of('upstream').map(({ screen, code, field = '', n }) => ({ screen, source: field, code, n })),
    internal: of('internal'),
  }
}

const CLIENT = 'client:'

/** `code:field/rule`. Names of fields and sources have neither a colon nor a slash; keys of clients may have both. */
function parseKind(kind: string): { code: string; field?: string; rule?: string } {
  const colon = kind.startsWith(CLIENT) ? -1 : kind.indexOf(':')
  if (colon < 0) return { code: kind }
  const code = kind.slice(0, colon)
  const [field = '', rule] = kind.slice(colon + 1).split('/')
  return { code, field, ...(rule !== undefined && { rule }) }
}
