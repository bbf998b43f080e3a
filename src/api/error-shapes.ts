// What went wrong, by category; every category is present, if only with 0.

import { z } from 'zod'
import { type Faults, REFUSAL_CATEGORIES } from '../insight/errors.ts'
import { ERROR_CATEGORIES } from '../rollup/error-category.ts'
import { countShape } from './shapes.ts'

export const refused = z.record(z.enum(REFUSAL_CATEGORIES), countShape)

/** Answered requests, the errors in them, and refused requests; null: unknown. */
export const faults = {
  answered: countShape,
  errors: z.record(z.enum(ERROR_CATEGORIES), countShape),
  refused: refused.nullable(),
}

export const showRefused = (counts: Counts) => withZeros(REFUSAL_CATEGORIES, counts)

export const showFaults = ({ answered, withErrors, refused }: Faults) => ({
  answered,
  errors: withZeros(ERROR_CATEGORIES, withErrors),
  refused: refused ? showRefused(refused) : null,
})

type Counts = Faults['withErrors']

const withZeros = <N extends string>(names: readonly N[], counts: Counts) =>
  Object.fromEntries(names.map((name) => [name, counts[name] ?? 0])) as { [name in N]: number }
