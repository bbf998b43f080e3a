// The field policy: what is kept of each submitted value.

import type { Field, Flow } from '../flow/definition.ts'
import { hasType, isClosedChoice } from '../flow/field-types.ts'
import type { Keep } from '../flow/schema.ts'
import { canonical, isMissing, type Json, type JsonObject } from '../lib/json.ts'
import { endOf, lengthOf } from '../lib/text.ts'
import { isNarrow, type Offered } from './keep-by-type.ts'
import { type PseudonymKey, pseudonymOf } from './pseudonym.ts'

export type PolicyRules = {
  readonly key: PseudonymKey
  readonly defaultText: Keep
  /** Whether we sent this option in this flow. */
  readonly wasSent: (flow: string, option: string) => boolean
}

/** Stands for all values under names that the flow does not declare. No field name has a `$`. */
const UNDECLARED = '$undeclared'

const MAX_KEPT = 1_000

/**
 * The data submitted from a screen, as it may be stored: a value that is not kept becomes `{ $length }`, `{ $hash }` or `{ $mask }`.
 * A field of another screen follows its own policy. Undeclared names are what a stranger wrote, like their values.
 */
export function applyPolicy(input: JsonObject, flow: Flow, screen: string, rules: PolicyRules): JsonObject {
  const offered: Offered = {
    isFixed: (option) => flow.options.has(option),
    wasSent: (option) => rules.wasSent(flow.key, option),
  }
  const here = new Map(flow.screens.get(screen)?.fields.map((field) => [field.name, field]))
  const stored: [string, Json][] = []
  let count = 0
  let length = 0
  for (const [name, value] of Object.entries(input)) {
    const own = here.get(name)
    const fields = own ? [own] : (flow.fields.get(name) ?? [])
    if (fields.length === 0 && !flow.names.has(name)) {
      count++
      length += lengthOf(textOf(value))
      continue
    }
    const kept = store(value, strictest(fields.map((field) => keepOf(value, field, rules, offered))), rules.key)
    if (kept !== undefined) stored.push([name.toWellFormed(), kept])
  }
  if (count > 0) stored.push([UNDECLARED, { $length: length, $count: count }])
  return Object.fromEntries(stored)
}

const BY_STRICTNESS = ['drop', 'length', 'hash', 'mask', 'keep'] as const

/** Of several fields of one name; `length` without any. */
const strictest = (keeps: readonly Keep[]): Keep => BY_STRICTNESS.find((keep) => keeps.includes(keep)) ?? 'length'

/** A value that does not fit its field is free text: someone may have typed their name into a date. */
function keepOf(value: Json, field: Field, rules: PolicyRules, offered: Offered): Keep {
  const { keep, type } = field.config
  if (keep && keep !== 'keep') return keep
  if (!keep && (type === 'phone' || type === 'email')) return 'hash'
  // No answer tells nothing of a person, and takes back the choice before.
  if (isClosedChoice(type) && isMissing(value)) return 'keep'
  if (!isAsDeclared(value, field)) return 'length'
  if (keep) return keep
  if (type === 'text') return rules.defaultText
  return isNarrow(value, field, offered) ? 'keep' : 'length'
}

function isAsDeclared(value: Json, { config, allowed }: Field): boolean {
  if (!hasType(value, config.type)) return false
  if (config.type === 'date_range') return Object.keys(value as JsonObject).length === 2
  if (!allowed || (config.type !== 'choice' && config.type !== 'choices')) return true
  return [value].flat().every((item) => allowed.some((option) => String(option) === String(item)))
}

function store(value: Json, keep: Keep, key: PseudonymKey): Json | undefined {
  switch (keep) {
    case 'drop':
      return undefined
    case 'length':
      return withheld(value)
    case 'hash':
      return { $hash: pseudonymOf(value, key) }
    case 'mask':
      return { $mask: `••••${maskedEnd(textOf(value))}` }
    case 'keep':
      return textOf(value).length > MAX_KEPT ? withheld(value) : value
  }
}

const withheld = (value: Json): Json => ({ $length: lengthOf(textOf(value)) })

/** The last four characters, or fewer: at most half of the text. */
const maskedEnd = (text: string): string => endOf(Math.min(4, Math.floor(lengthOf(text) / 2)), text)

const textOf = (value: Json): string => (typeof value === 'string' ? value : canonical(value))
