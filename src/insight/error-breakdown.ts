// The errors of a time, one by one: where, and which.

import { type ErrorCategory, errorCategoryOf } from '../rollup/error-category.ts'
import type { Counts } from '../stats/counts.ts'

/** Errors, the most frequent first. `screen`: the one that the requests came from, '' for openings. */
export type ErrorBreakdown = {
  readonly validation: readonly (ErrorPlace & { readonly field: string; readonly rule: string })[]
  readonly client: readonly (ErrorPlace & { readonly key: string })[]
  readonly upstream: readonly (ErrorPlace & { readonly source: string; readonly code: string })[]
  /** `field`, `rule`: what it was about, where that is known. */
  readonly internal: readonly (ErrorPlace & ErrorKind)[]
}

type ErrorKind = { readonly code: string; readonly field?: string; readonly rule?: string }

type ErrorPlace = { readonly screen: string; readonly n: number }

/** `errors`: by screen and by `kindOf` it, as in `Traffic`. */
export function errorBreakdownOf(errors: Counts<Counts>): ErrorBreakdown {
  const all = Object.entries(errors)
    .flatMap(([screen, kinds]) => Object.entries(kinds).map(([kind, n]) => ({ screen, n, ...splitErrorKey(kind) })))
    .sort((a, b) => b.n - a.n)
  const those = (category: ErrorCategory) => all.filter(({ code }) => errorCategoryOf(code) === category)
  return {
    validation: those('validation').map(({ screen, field = '', rule = '', n }) => ({ screen, field, rule, n })),
    client: those('client').map(({ screen, code, n }) => ({ screen, key: code.slice(CLIENT.length), n })),
    upstream: those('upstream').map(({ screen, code, field = '', n }) => ({ screen, source: field, code, n })),
    internal: those('internal'),
  }
}

const CLIENT = 'client:'

/** What `kindOf` joined: names of fields and sources have neither a colon nor a slash, keys of clients may have any. */
function splitErrorKey(kind: string): ErrorKind {
  const colon = kind.startsWith(CLIENT) ? -1 : kind.indexOf(':')
  if (colon < 0) return { code: kind }
  const code = kind.slice(0, colon)
  const [field = '', rule] = kind.slice(colon + 1).split('/')
  return { code, field, ...(rule !== undefined && { rule }) }
}
