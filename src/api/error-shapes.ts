// What went wrong, by category: also those are told that nothing went wrong of.

import { z } from 'zod'
import { type Faults, REFUSAL_CATEGORIES } from '../insight/errors.ts'
import { ERROR_CATEGORIES } from '../rollup/error-category.ts'
import type { Counts } from '../stats/counts.ts'
import { count } from './shapes.ts'

export const refused = z.record(z.enum(REFUSAL_CATEGORIES), count)

/** Requests: those answered, with what went wrong in them, and those refused; null where these are not known. */
export const faults = {
  answered: count,
  errors: z.record(z.enum(ERROR_CATEGORIES), count),
  refused: refused.nullable(),
}

export const showRefused = (counts: Counts) => each(REFUSAL_CATEGORIES, counts)

export const showFaults = ({ answered, withErrors, refused }: Faults) => ({
  answered,
  errors: each(ERROR_CATEGORIES, withErrors),
  refused: refused ? showRefused(refused) : null,
})

const each = <N extends string>(names: readonly N[], counts: Counts) =>
  Object.fromEntries(names.map((name) => [name, counts[name] ?? 0])) as { [name in N]: number }
