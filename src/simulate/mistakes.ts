// What people get wrong: values that the field's own rules must refuse.

import type { Field } from '../flow/definition.ts'
import { allowedSize } from '../flow/field-size.ts'
import { dayPlus } from '../lib/days.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { allowedDays } from './draw-value.ts'
import type { Profile } from './profile.ts'
import { pick, type Random } from './random.ts'

export type Spoilt = { readonly input: JsonObject; readonly field: string }

/** The same input with one value that must be refused; undefined if the screen allows no mistake. */
export function spoil(fields: readonly Field[], input: JsonObject, today: string, random: Random): Spoilt | undefined {
  const mistakes = fields.flatMap((field) =>
    mistakesIn(field, today, input[field.name]).map((value) => ({ field: field.name, value })),
  )
  if (mistakes.length === 0) return undefined
  const { field, value } = pick(random, mistakes)
  const { [field]: _, ...rest } = input
  return { field, input: value === undefined ? rest : { ...rest, [field]: value } }
}

/** The same input with a mistake that the profile says people make; undefined if this person makes none. */
export function spoilAsUsual(
  fields: readonly Field[],
  input: JsonObject,
  usual: Profile['mistakes'],
  random: Random,
): Spoilt | undefined {
  const mistakes = fields.flatMap(({ name }) => (usual.get(name) ?? []).map((mistake) => ({ field: name, ...mistake })))
  const made = mistakes.find(({ chance }) => random() < chance)
  return made && { field: made.field, input: { ...input, [made.field]: made.value } }
}

/** Every value of this kind must be refused; undefined leaves the field out. `valid`: a value that is accepted. */
export function mistakesIn(field: Field, today: string, valid: Json | undefined): readonly (Json | undefined)[] {
  const empty = field.config.required === true ? [undefined, ''] : []
  return [
    ...empty,
    ...wrongKind(field),
    ...wrongSize(field, valid),
    ...outOfBounds(field, today),
    ...wrongPattern(field),
  ]
}

function wrongKind({ config, allowed, allowedBy }: Field): Json[] {
  // What an expression allows, nobody on this side knows.
  if (allowedBy) return []
  if (allowed) return config.type === 'choices' ? [[NOT_OFFERED]] : [NOT_OFFERED]
  switch (config.type) {
    case 'phone':
      return ['call me']
    case 'email':
      return ['nobody', 'nobody@nowhere']
    case 'number':
      return ['several']
    case 'boolean':
      return ['perhaps']
    case 'date':
      return ['someday', '2026-02-30']
    case 'date_range':
      return [{ 'start-date': '2026-03-09', 'end-date': '2026-03-02' }]
    default:
      return []
  }
}

const NOT_OFFERED = 'not on the list'
/** A field that allows more than this is not overfilled: nobody types that much. */
const MOST_TYPED = 10_000

function wrongSize(field: Field, valid: Json | undefined): Json[] {
  const { type } = field.config
  const { least, most } = allowedSize(field.config)
  if (type === 'text' && !field.config.in)
    return [...(least > 1 ? ['x'.repeat(least - 1)] : []), ...(most < MOST_TYPED ? ['x'.repeat(most + 1)] : [])]
  if ((type === 'choices' || type === 'files') && Array.isArray(valid) && valid.length > 0) {
    const tooMany = most < MOST_TYPED ? [Array.from({ length: most + 1 }, () => valid[0] as Json)] : []
    return [...(least > 1 ? [valid.slice(0, 1)] : []), ...tooMany]
  }
  return []
}

function outOfBounds(field: Field, today: string): Json[] {
  const { min, max, type } = field.config
  if (type === 'number')
    return [
      ...(typeof min === 'number' ? [String(min - 1)] : []),
      ...(typeof max === 'number' ? [String(max + 1)] : []),
    ]
  if (type !== 'date' && type !== 'date_range') return []

  // Two days, so that midnight on the way cannot make the value valid.
  const { first, last } = allowedDays(field, today)
  const days = [...(first ? [dayPlus(first, -2)] : []), ...(last ? [dayPlus(last, 2)] : [])]
  return type === 'date' ? days : days.map((day) => ({ 'start-date': day, 'end-date': day }))
}

function wrongPattern({ config, pattern }: Field): Json[] {
  if (!pattern || config.type !== 'text' || config.in) return []
  return ['?', 'x', '0', '§ 12 b'].filter((text) => !pattern.isIn(text))
}
