// What is kept by the type of its field alone: only what can hardly be anything else. Somebody may type the number of their card
// where a number is asked for, and their phone number where a day is.

import type { Field } from '../flow/definition.ts'
import { dayOf, isRange, numberOf } from '../flow/field-types.ts'
import type { Json } from '../lib/json.ts'
import { isPersonal } from './personal-data.ts'

/** Whether an option is one that people were sent to choose from: by the config itself, or made up of something else. */
export type Offered = { readonly isFixed: (option: string) => boolean; readonly wasSent: (option: string) => boolean }

/** `value` is of the field's type. What the author lists is known beforehand, whatever it looks like. */
export function isNarrow(value: Json, { config }: Field, { isFixed, wasSent }: Offered): boolean {
  const { type } = config
  const allowed = config.in?.map(String)
  if (allowed && (type === 'number' || type === 'choice')) return allowed.includes(String(value))
  if (allowed && type === 'choices') return [value].flat().every((item) => allowed.includes(String(item)))
  switch (type) {
    case 'boolean':
      return true
    case 'number':
      return isSmall(value, config)
    case 'date':
      return isDay(value)
    case 'date_range':
      return isRange(value) && Object.keys(value).length === 2 && [value['start-date'], value['end-date']].every(isDay)
    case 'choice':
    case 'choices':
      return [value].flat().every((item) => isFixed(String(item)) || (isName(item) && wasSent(String(item))))
    default:
      return false
  }
}

const LARGEST = 999_999

/** Up to six digits, or within what the author says; and four after the point. */
function isSmall(value: Json, { min, max }: Field['config']): boolean {
  const number = numberOf(value)
  if (number === undefined || !/^\s*[+-]?\d+(?:\.\d{1,4})?\s*$/.test(String(value))) return false
  const least = typeof min === 'number' ? min : -LARGEST
  const most = typeof max === 'number' ? max : LARGEST
  return least <= number && number <= most
}

/** A written day of these centuries, or the milliseconds of a midnight, wherever on earth: Flow JSON before 5.0 sends these. */
function isDay(value: Json): boolean {
  if (typeof value !== 'string' || dayOf(value) === undefined) return false
  return /^(?:19|20)\d\d-/.test(value) || Number(value) % QUARTER_HOUR === 0
}

const QUARTER_HOUR = 15 * 60_000

/** What the options of an API are called: `slot-17`, `2026-03-02T10:00`. */
const isName = (value: Json): boolean => {
  const text = String(value)
  return /^[\w.:-]{1,40}$/.test(text) && !isPersonal(text)
}
