// What went wrong in a period: errors in answered requests, and refused requests.

import { ERROR_CATEGORIES, type ErrorCategory } from '../rollup/error-category.ts'
import { type Counts, merged, mergedBy, total, totalOf } from '../stats/counts.ts'
import { INCIDENT_CATEGORIES, type IncidentCategory } from '../trail/incident.ts'

/** Why requests to a flow are refused. A request to a flow that does not exist belongs to no flow. */
export type RefusalCategory = Exclude<IncidentCategory, 'unknown_flow'>

export const isRefusal = (category: IncidentCategory | Fault): category is RefusalCategory =>
  (REFUSAL_CATEGORIES as readonly string[]).includes(category)

export const REFUSAL_CATEGORIES: readonly RefusalCategory[] = INCIDENT_CATEGORIES.filter(
  (category) => category !== 'unknown_flow',
)

/** A category of errors or refusals. */
export type Fault = ErrorCategory | RefusalCategory
export const FAULTS: readonly Fault[] = [...ERROR_CATEGORIES, ...REFUSAL_CATEGORIES]

export type Faults = {
  readonly answered: number
  /** Answered requests with an error, by its category. */
  readonly withErrors: Counts
  /** Requests that we refused, by category; undefined: unknown. */
  readonly refused: Counts | undefined
}

export type ErrorShare = { readonly errors: number; readonly requests: number }

/** Errors are a share of answered requests, refusals a share of all requests. Undefined: unknown. */
export function errorShareOf({ answered, withErrors, refused }: Faults, fault: Fault): ErrorShare | undefined {
  if (!isRefusal(fault)) return { errors: withErrors[fault] ?? 0, requests: answered }
  return refused && { errors: refused[fault] ?? 0, requests: answered + totalOf(refused) }
}

/** Sums of periods. Refusals are unknown if they are unknown for any of them. */
export function faultsIn(parts: readonly Faults[]): Faults {
  const refused = parts.map((part) => part.refused).filter((counts) => counts !== undefined)
  return {
    answered: total(parts.map((part) => part.answered)),
    withErrors: mergedBy(parts, (part) => part.withErrors, total),
    refused: refused.length === parts.length ? merged(refused, total) : undefined,
  }
}
