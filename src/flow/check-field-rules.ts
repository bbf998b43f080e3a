// Finds rules that do not suit the type of their field, or leave no room for a value.

import { plural } from '../lib/plural.ts'
import type { Field } from './definition.ts'
import { allowedSize, possibleSize } from './field-size.ts'
import { dayInValue, hasType, numberOf } from './field-types.ts'
import type { FieldConfig, FieldType } from './schema.ts'

export type RuleMistake = { readonly key: 'min' | 'max' | 'length' | 'pattern' | 'in'; readonly message: string }

type Judged = { readonly config: FieldConfig; readonly allowed?: Field['allowed'] | undefined }

/** `allowed`: the values of `in`, where they are written. */
export const ruleMistakes = (judged: Judged): readonly RuleMistake[] => [
  ...unsuitable(judged.config),
  ...noRoom(judged).map(({ key, what, fix }) => ({
    key,
    message: `${what}, so no value would be accepted${fix === undefined ? '' : `; ${fix}`}`,
  })),
]

function unsuitable(config: FieldConfig): readonly RuleMistake[] {
  const { type, length, pattern } = config
  const fix = 'use `in` with choice, choices, text or number'
  const messages = {
    min: boundMistake('min', config),
    max: boundMistake('max', config),
    length: length !== undefined && !possibleSize(type) && `a ${type} field has no length`,
    pattern:
      pattern !== undefined &&
      !/^(text|phone|email|number|choice|date)$/.test(type) &&
      `a ${type} field has no pattern`,
    in: config.in && !CHOSEN.test(type) && `a ${type} has no list of allowed values; ${fix}`,
  }
  return (['min', 'max', 'length', 'pattern', 'in'] as const).flatMap((key) => {
    const message = messages[key]
    return message ? [{ key, message }] : []
  })
}

/** What can have `in`. */
const CHOSEN = /^(choice|choices|text|number)$/

function boundMistake(key: 'min' | 'max', config: FieldConfig): string | undefined {
  const { type } = config
  const value = config[key]
  if (value === undefined) return undefined
  if (type === 'date' || type === 'date_range') return dayMistake(value)
  if (type === 'boolean' || type === 'choice') return `a ${type} field has no ${key}`
  if (typeof value !== 'number') return `expected a number for a ${type} field, found ${JSON.stringify(value)}`
  if (type === 'number' || isCount(value)) return undefined
  return `${key} of a ${type} field counts ${counted(type)}; expected a whole number from 0 up, found ${value}`
}

function dayMistake(bound: number | string): string | undefined {
  if (typeof bound === 'string' && isFar(bound)) return `${bound} is too far away; expected five digits at most`
  if (typeof bound === 'string' && isDayBound(bound)) return undefined
  return `${JSON.stringify(bound)} is not a day; expected 2026-12-31, today, today+30d or today-1d`
}

/** `2026-12-31`, `today`, `today+30d` or `today-1d`. */
const isDayBound = (bound: string): boolean =>
  isRelative(bound) || (!/^\d+$/.test(bound) && dayInValue(bound) !== undefined)

const isRelative = (bound: string): boolean => /^today(?:[+-]\d+d)?$/.test(bound)

/** Its year may not have four digits. */
const isFar = (bound: string): boolean => /^today[+-]\d{6,}d$/.test(bound)

const isCount = (bound: number): boolean => Number.isInteger(bound) && bound >= 0

const counted = (type: FieldType): string => (/^(choices|files)$/.test(type) ? 'entries' : 'characters')

type NoRoom = { readonly key: 'min' | 'max' | 'length' | 'in'; readonly what: string; readonly fix?: string }

function noRoom(judged: Judged): readonly NoRoom[] {
  const { config } = judged
  // Told already.
  if (boundMistake('min', config) ?? boundMistake('max', config)) return []
  const upsideDown = boundsUpsideDown(config)
  if (upsideDown.length > 0) return upsideDown
  const narrow = noRoomInSize(config) ?? noRoomInOptions(judged)
  return narrow ? [narrow] : []
}

function boundsUpsideDown({ min, max, length }: FieldConfig): readonly NoRoom[] {
  const within = typeof length === 'object' ? length : {}
  const bounds = [
    { key: 'min', min, max },
    { key: 'length', ...within },
  ] as const
  return bounds
    .filter(({ min, max }) => isAbove(min, max))
    .map(({ key, min, max }) => ({ key, what: `min ${min} is above max ${max}` }))
}

/** A fixed day and a relative one cannot be compared. */
function isAbove(min: number | string | undefined, max: number | string | undefined): boolean {
  if (typeof min === 'number' && typeof max === 'number') return min > max
  if (typeof min !== 'string' || typeof max !== 'string' || isRelative(min) !== isRelative(max)) return false
  const days = (bound: string) => Number(bound.slice('today'.length, -1))
  return isRelative(min) ? days(min) > days(max) : min > max
}

/** Between the bounds that count and what a value of the type can have. */
function noRoomInSize(config: FieldConfig): NoRoom | undefined {
  const { type, length } = config
  const possible = possibleSize(type)
  if (!possible) return undefined
  const { least, most } = allowedSize(config)
  const bound = (key: 'min' | 'max') => {
    if (typeof length === 'number') return { key: 'length', name: 'length' } as const
    return { key: length?.[key] === undefined ? key : 'length', name: key } as const
  }
  const [lower, upper] = [bound('min'), bound('max')]
  if (least > most) return { key: lower.key, what: `min ${least} is above max ${most}` }
  const what = `${counted(type)} that type ${type} takes`
  if (most < possible.least)
    return {
      key: upper.key,
      what: `${upper.name} ${most} is below ${possible.least}, the fewest ${what}`,
      fix: `expected ${possible.least} or more`,
    }
  if (least > possible.most)
    return {
      key: lower.key,
      what: `${lower.name} ${least} is above ${possible.most}, the most ${what}`,
      fix: `expected ${possible.most} or less`,
    }
  return undefined
}

/** No value, or too few of them, can be chosen within the bounds. */
function noRoomInOptions({ config, allowed }: Judged): NoRoom | undefined {
  const { type } = config
  if (!allowed || !CHOSEN.test(type)) return undefined
  const values = [...new Set(allowed.map(String))]
  if (type !== 'choices') {
    if (values.some((value) => isWithin(value, config))) return undefined
    return { key: 'in', what: `no value of \`in\` is a ${type} within the bounds of the field` }
  }
  const { least } = allowedSize(config)
  if (least <= values.length) return undefined
  return { key: 'in', what: `\`in\` has ${plural(values.length, 'value')}, and ${least} must be chosen` }
}

function isWithin(value: string, config: FieldConfig): boolean {
  if (!hasType(value, config.type)) return false
  if (config.type === 'number') return !isAbove(config.min, numberOf(value)) && !isAbove(numberOf(value), config.max)
  const { least, most } = allowedSize(config)
  const size = [...value].length
  return size >= Math.max(least, 1) && size <= most
}
