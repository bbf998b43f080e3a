// How many characters or entries the value of a field has.

import { LONGEST_TEXT } from '../trail/event.ts'
import type { FieldConfig, FieldType } from './schema.ts'

export type Size = { readonly least: number; readonly most: number }

/** What the field takes: `length` counts before `min` and `max`. */
export function allowedSize({ type, length, min, max }: FieldConfig): Size {
  const written = typeof length === 'number' ? { min: length, max: length } : length
  const bound = (value: unknown) => (type !== 'choice' && typeof value === 'number' ? value : undefined)
  return { least: written?.min ?? bound(min) ?? 0, most: written?.max ?? bound(max) ?? Number.POSITIVE_INFINITY }
}

/** What a value of the type has that is not missing, by `PHONE` and `EMAIL` of `field-types.ts`; undefined where nothing is counted. */
export function possibleSize(type: FieldType): Size | undefined {
  if (type === 'phone') return { least: 4, most: 33 }
  if (type === 'email') return { least: 5, most: 254 }
  return /^(text|choice|choices|files)$/.test(type) ? { least: 1, most: LONGEST_TEXT } : undefined
}
