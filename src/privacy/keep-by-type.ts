// What the type of a field alone allows to keep: people may type a card number where a number is asked for.

import type { Field } from '../flow/definition.ts'
import { dayInValue, isRange, numberOf } from '../flow/field-types.ts'
import type { Json } from '../lib/json.ts'
import { isPersonal } from './personal-data.ts'

/** Whether people were offered an option: by the config itself, or by an expression or an API. */
export type Offered = { readonly isFixed: (option: string) => boolean; readonly wasSent: (option: string) => boolean }

/** `value` has the field's type. Values that the config lists are always kept. */
export function isNarrow(value: Json, { config, allowed: listed }: Field, { isFixed, wasSent }: Offered): boolean {
  const { type } = config
  const allowed = listed?.map(String)
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

/** Up to six digits, or within the field's own bounds; and four decimals. */
function isSmall(value: Json, { min, max }: Field['config']): boolean {
  const number = numberOf(value)
  if (number === undefined || !/^\s*[+-]?\d+(?:\.\d{1,4})?\s*$/.test(String(value))) return false
  const least = typeof min === 'number' ? min : -LARGEST
  const most = typeof max === 'number' ? max : LARGEST
  return least <= number && number <= most
}

/** A day of the 20th or 21st century, or the milliseconds of a midnight in any time zone, as Flow JSON before 5.0 sends. */
function isDay(value: Json): boolean {
  if (typeof value !== 'string' || dayInValue(value) === undefined) return false
  return /^(?:19|20)\d\d-/.test(value) || Number(value) % QUARTER_HOUR === 0
}

const QUARTER_HOUR = 15 * 60_000

/** The id of an API's option, such as `slot-17` or `2026-03-02T10:00`. */
const isName = (value: Json): boolean => {
  const text = String(value)
  return /^[\w.:-]{1,40}$/.test(text) && !isPersonal(text)
}
