// What is kept of what people type. Applied before anything is written, journal included.

import { createHmac } from 'node:crypto'
import type { Field } from '../flow/definition.ts'
import type { Keep } from '../flow/schema.ts'
import { hasType } from '../flow/types.ts'
import { canonical, type Json, type JsonObject } from '../lib/json.ts'

/** The key of the pseudonyms. It lives outside the database, so that a copy of the data alone reveals nothing. */
export type PseudonymKey = string | Uint8Array

export type PolicyRules = { readonly key: PseudonymKey; readonly defaultText: Keep }

/**
 * Stands in for a value that is not kept: its length in characters, a keyed hash, or its last four characters, fewer where
 * they would be more than half of it.
 */
export type Withheld = { readonly $length: number } | { readonly $hash: string } | { readonly $mask: string }

const MAX_FIELDS = 100
const MAX_NAME = 80
const MAX_KEPT = 1_000

/** The submitted data as it may be stored. `fields` are those the screen declares; everything else is undeclared. */
export function applyPolicy(input: JsonObject, fields: readonly Field[], rules: PolicyRules): JsonObject {
  const declared = new Map(fields.map((field) => [field.name, field]))
  const stored: [string, Json][] = []
  for (const [name, value] of Object.entries(input).slice(0, MAX_FIELDS)) {
    const kept = store(value, keepOf(value, declared.get(name), rules), rules.key)
    if (kept !== undefined) stored.push([name.slice(0, MAX_NAME), kept])
  }
  return Object.fromEntries(stored)
}

/** Equal for equal data under the same key, and silent about what the data was. */
export const fingerprintOf = (data: JsonObject, key: PseudonymKey): string =>
  createHmac('sha256', key).update(canonical(data)).digest('base64url').slice(0, 11)

/** The same value gives the same pseudonym; writing a phone or an e-mail differently makes no other one. */
export function pseudonymOf(value: Json, key: PseudonymKey): string {
  const text = typeof value === 'string' ? normalise(value) : canonical(value)
  return `h:${createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)}`
}

/**
 * A value that is not what its field declares is free text, whatever the field: someone may have typed their name into a
 * date. So is everything undeclared.
 */
function keepOf(value: Json, field: Field | undefined, rules: PolicyRules): Keep {
  if (!field) return 'length'
  const { keep, type } = field.config
  if (keep && keep !== 'keep') return keep
  if (!keep && (type === 'phone' || type === 'email')) return 'hash'
  if (!isAsDeclared(value, field)) return 'length'
  return keep ?? (type === 'text' ? rules.defaultText : type === 'files' ? 'length' : 'keep')
}

function isAsDeclared(value: Json, { config }: Field): boolean {
  if (!hasType(value, config.type)) return false
  if (config.type === 'date_range') return Object.keys(value as JsonObject).length === 2
  const allowed = config.in
  if (!allowed || (config.type !== 'choice' && config.type !== 'choices')) return true
  return [value].flat().every((item) => allowed.some((option) => String(option) === String(item)))
}

function store(value: Json, keep: Keep, key: PseudonymKey): Json | undefined {
  switch (keep) {
    case 'drop':
      return undefined
    case 'length':
      return lengthOf(value)
    case 'hash':
      return { $hash: pseudonymOf(value, key) }
    case 'mask':
      return { $mask: `••••${endOf(textOf(value))}` }
    case 'keep':
      return textOf(value).length > MAX_KEPT ? lengthOf(value) : value
  }
}

const lengthOf = (value: Json): Withheld => ({ $length: [...textOf(value)].length })

function endOf(text: string): string {
  const characters = [...text]
  const shown = Math.min(4, Math.floor(characters.length / 2))
  return characters.slice(characters.length - shown).join('')
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : canonical(value))

/** `+351 912-345-678` and `+351912345678` are one phone; `Ana@Example.com ` and `ana@example.com` one address. */
function normalise(text: string): string {
  const trimmed = text.trim().toLowerCase()
  return /^\+?\(?\d[\d\s().-]*$/.test(trimmed) ? trimmed.replace(/[^\d]/g, '') : trimmed
}
