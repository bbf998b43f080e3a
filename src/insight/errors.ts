// What went wrong in a period: errors in answered requests, and refused requests.

import { ERROR_CATEGORIES, type ErrorCategory } from '../rollup/error-category.ts'
import { type Counts, total, totalOf } from '../stats/counts.ts'
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

/** `errors`: answered requests with an error; `refused`: requests that we refused, null where unknown. Both by category. */
export type Faults = { readonly answered: number; readonly errors: Counts; readonly refused: Counts | null }

export type ErrorShare = { readonly errors: number; readonly requests: number }

/** Errors are a share of answered requests, refusals a share of all requests. Undefined: unknown. */
export function errorShareOf({ answered, errors, refused }: Faults, fault: Fault): ErrorShare | undefined {
  if (!isRefusal(fault)) return { errors: errors[fault] ?? 0, requests: answered }
  return refused ? { errors: refused[fault] ?? 0, requests: answered + totalOf(refused) } : undefined
}

/** Sums of periods, every category among them. Refusals are unknown if they are unknown for any of the periods. */
export const faultsIn = (parts: readonly Faults[]) => ({
  answered: total(parts.map(({ answered }) => answered)),
  errors: errorsIn(parts.map(({ errors }) => errors)),
  refused: refusalsIn(parts.map(({ refused }) => refused)),
})

const errorsIn = (parts: readonly Counts[]) => sumsBy(ERROR_CATEGORIES, parts)

export const refusalsIn = (parts: readonly (Counts | null)[]) =>
  parts.every((part) => part !== null) ? sumsBy(REFUSAL_CATEGORIES, parts) : null

const sumsBy = <N extends string>(names: readonly N[], parts: readonly Counts[]) =>
  Object.fromEntries(names.map((name) => [name, total(parts.map((part) => part[name] ?? 0))])) as Record<N, number>
