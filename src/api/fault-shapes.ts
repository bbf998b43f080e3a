// What went wrong, by category: also those are told that nothing went wrong of.

import { z } from 'zod'
import type { Counts } from '../insight/counts.ts'
import { ERROR_CATEGORIES } from '../insight/error-category.ts'
import { type Faults, REFUSALS } from '../insight/errors.ts'
import { count } from './shapes.ts'

export const refused = z.record(z.enum(REFUSALS), count)

/** Requests: those answered, with what went wrong in them, and those refused; null where these are not known. */
export const faults = {
  answered: count,
  errors: z.record(z.enum(ERROR_CATEGORIES), count),
  refused: refused.nullable(),
}

export const showRefused = (counts: Counts) => each(REFUSALS, counts)

export const showFaults = ({ answered, withErrors, refused }: Faults) => ({
  answered,
  errors: each(ERROR_CATEGORIES, withErrors),
  refused: refused ? showRefused(refused) : null,
})

const each = <N extends string>(names: readonly N[], counts: Counts) =>
  Object.fromEntries(names.map((name) => [name, counts[name] ?? 0])) as { [name in N]: number }
