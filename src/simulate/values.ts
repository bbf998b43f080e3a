// What people fill in when they mean well: a value that the field's own rules accept.

import type { Field } from '../flow/definition.ts'
import { isTrue, type Scope } from '../flow/expression.ts'
import { allowedSize } from '../flow/field-size.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { drawerFor, type Situation, type Undrawable, unknown } from './draw-value.ts'
import { pickWeighted } from './random.ts'

export type FilledForm = { readonly ok: true; readonly input: JsonObject } | Undrawable

/** Fills in a screen so that every rule of every field holds. Checks see `scope` as well as the input. */
export async function fillIn(fields: readonly Field[], situation: Situation, scope: Scope): Promise<FilledForm> {
  for (let attempt = 1; ; attempt++) {
    const input: { [field: string]: Json } = {}
    for (const field of fields) {
      const written = writeValue(field, situation)
      if (!written.ok) return written
      if (written.value !== undefined) input[field.name] = written.value
    }
    const broken = await brokenCheck(fields, input, scope)
    if (!broken) return { ok: true, input }
    if (attempt === ATTEMPTS)
      return unknown(broken, 'no value was found that passes its check; give some under values in the profile')
  }
}

const ATTEMPTS = 50
/** How often an optional field is left empty. */
const LEFT_EMPTY = 0.3

type WrittenValue = { readonly ok: true; readonly value?: Json } | Undrawable

function writeValue(field: Field, situation: Situation): WrittenValue {
  const wishes = situation.wishes.get(field.name)
  if (wishes) return { ok: true, value: asSubmitted(field, pickWeighted(situation.random, wishes).value) }
  if (!field.config.required && situation.random() < LEFT_EMPTY) return { ok: true }

  const drawer = drawerFor(field, situation)
  if (!drawer.ok) return drawer
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const value = drawer.draw()
    if (fits(field, value)) return { ok: true, value }
  }
  return unknown(field, 'no value was found that keeps its pattern and length; give some under values in the profile')
}

/** Its pattern and its size. */
export function fits(field: Field, value: Json): boolean {
  const texts = [value].flat().filter((item) => typeof item === 'string' || typeof item === 'number')
  if (field.pattern && !texts.every((text) => field.pattern?.matches(String(text)))) return false
  if (!/^(text|phone|email|choice|choices|files)$/.test(field.config.type)) return true
  const { least, most } = allowedSize(field.config)
  const size = Array.isArray(value) ? value.length : [...String(value)].length
  return size >= least && size <= most
}

/** A value of the profile, as the phone would submit it for this type of field. */
export function asSubmitted({ config }: Field, value: Json): Json {
  if (config.type === 'boolean') return value === true || value === 'true'
  if (config.type === 'number' && typeof value === 'number') return String(value)
  if (config.type === 'choices' && !Array.isArray(value)) return [value]
  return value
}

async function brokenCheck(fields: readonly Field[], input: JsonObject, scope: Scope): Promise<Field | undefined> {
  for (const field of fields) {
    const value = input[field.name]
    if (value === undefined) continue
    for (const { that } of field.checks) if (!isTrue(await that.evaluate({ ...scope, input, value }))) return field
  }
  return undefined
}
