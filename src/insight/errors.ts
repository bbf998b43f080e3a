// What went wrong in a time: of the requests that we answered, and of all that came.

import { ERROR_CATEGORIES, type ErrorCategory } from '../rollup/error-category.ts'
import { type Counts, merged, total, totalOf } from '../stats/counts.ts'
import type { IncidentCategory } from '../trail/incident.ts'

/** Why requests to a flow are refused. One to a flow that there is not belongs to none. */
export const REFUSAL_CATEGORIES = [
  'decrypt_failed',
  'bad_signature',
  'token_refused',
  'malformed',
  'too_large',
] as const satisfies readonly IncidentCategory[]
export type RefusalCategory = (typeof REFUSAL_CATEGORIES)[number]

export const FAULTS = [...ERROR_CATEGORIES, ...REFUSAL_CATEGORIES] as const
export type Fault = ErrorCategory | RefusalCategory

export type Faults = {
  /** Requests that we answered, and those of them with an error, by its category. */
  readonly answered: number
  readonly withErrors: Counts
  /** Requests that we refused, by `Refusal`; undefined where that is not known. */
  readonly refused: Counts | undefined
}

/** So many of these requests. */
export type ErrorShare = { readonly errors: number; readonly requests: number }

export const isRefusal = (category: IncidentCategory | Fault): category is RefusalCategory =>
  (REFUSAL_CATEGORIES as readonly string[]).includes(category)

/** Errors are a part of what we answered, refusals one of all that came. Undefined where it is not known. */
export function errorShareOf({ answered, withErrors, refused }: Faults, fault: Fault): ErrorShare | undefined {
  if (!isRefusal(fault)) return { errors: withErrors[fault] ?? 0, requests: answered }
  return refused && { errors: refused[fault] ?? 0, requests: answered + totalOf(refused) }
}

/** Of times together. What is refused is known when it is of each of them. */
export function faultsIn(parts: readonly Faults[]): Faults {
  const refused = parts.map((part) => part.refused).filter((counts) => counts !== undefined)
  return {
    answered: total(parts.map((part) => part.answered)),
    withErrors: merged(
      parts.map((part) => part.withErrors),
      total,
    ),
    refused: refused.length === parts.length ? merged(refused, total) : undefined,
  }
}
