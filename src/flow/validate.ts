// Validates a submission: checks every field and reports all refusals at once.

import { isMissing, type Json, type JsonObject, own } from '../lib/json.ts'
import { DAY_MS } from '../lib/units.ts'
import { LONGEST_TEXT, type TrailError } from '../trail/event.ts'
import type { Field } from './definition.ts'
import { type Evaluate, isTrue, type Scope } from './expression.ts'
import { dayInValue, hasType, isoDay, isRange, numberOf } from './field-types.ts'
import type { Rule } from './schema.ts'

/** `code`: `invalid_field`, or `expression_failed` if its check failed to run. `message`: for the person. */
type ValidationError = TrailError & { readonly field: string; readonly rule: Rule; readonly message: string }

/** Each field is refused for at most one rule, the first of RULES that it breaks. A check sees `scope` and the field's own `value`. */
export async function validate(
  fields: readonly Field[],
  input: JsonObject,
  today: string,
  scope: Scope,
  evaluate: Evaluate,
): Promise<ValidationError[]> {
  const refusals = await Promise.all(
    fields.map((field) => toError(field, own(input, field.name), today, scope, evaluate)),
  )
  return refusals.filter((refusal) => refusal !== undefined)
}

/** `today+30d` → the day thirty days after `today`; a fixed day stays. */
function resolveDay(bound: string, today: string): string {
  const [, sign, days] = /^today(?:([+-])(\d+)d)?$/.exec(bound) ?? []
  if (!bound.startsWith('today')) return bound
  const shift = days === undefined ? 0 : Number(`${sign}${days}`)
  return isoDay(Date.parse(`${today}T00:00:00Z`) + shift * DAY_MS)
}

async function toError(
  field: Field,
  value: Json | undefined,
  today: string,
  scope: Scope,
  evaluate: Evaluate,
): Promise<ValidationError | undefined> {
  const { name, config } = field
  if (value === undefined || isMissing(value))
    return config.required ? refusal(field, 'required', `Please fill in ${name}.`) : undefined
  if (!hasType(value, config.type)) return refusal(field, 'type', TYPE_MESSAGES[config.type](name))
  const broken = brokenAllowed(field, value) ?? brokenSize(field, value) ?? brokenRange(field, value, today)
  if (broken) return broken
  return (await brokenPattern(field, value, evaluate)) ?? brokenCheck(field, { ...scope, value }, evaluate)
}

function brokenAllowed(field: Field, value: Json): ValidationError | undefined {
  const allowed = field.config.in && new Set(field.config.in.map(String))
  if (!allowed || [value].flat().every((item) => allowed.has(String(item)))) return undefined
  return refusal(field, 'in', `Please choose one of the options for ${field.name}.`)
}

/** `min` and `max` mean the size of a text or a list. */
function brokenSize(field: Field, value: Json): ValidationError | undefined {
  const { name, config } = field
  const isText = typeof value === 'string' && /^(text|phone|email|choice)$/.test(config.type)
  if (!isText && !Array.isArray(value)) return undefined
  const size = typeof value === 'string' ? charactersOf(value) : (value as readonly Json[]).length
  const sized = config.type !== 'choice'
  const written = typeof config.length === 'number' ? { min: config.length, max: config.length } : config.length
  const least = written?.min ?? (sized && typeof config.min === 'number' ? config.min : 0)
  const allowed = written?.max ?? (sized && typeof config.max === 'number' ? config.max : LONGEST_TEXT)
  const most = Math.min(LONGEST_TEXT, allowed)
  if (size >= least && size <= most) return undefined
  const what = isText ? 'characters' : 'entries'
  const message =
    size < least ? `${name} needs at least ${least} ${what}.` : `${name} can have at most ${most} ${what}.`
  return refusal(field, 'length', message)
}

/** Code points. A text of more than twice the limit in UTF-16 units is over it either way. */
const charactersOf = (text: string): number => (text.length > 2 * LONGEST_TEXT ? text.length : [...text].length)

function brokenRange(field: Field, value: Json, today: string): ValidationError | undefined {
  const { name, config } = field
  if (config.type === 'number') {
    const number = numberOf(value) as number
    if (typeof config.min === 'number' && number < config.min)
      return refusal(field, 'min', `${name} must be ${config.min} or more.`)
    if (typeof config.max === 'number' && number > config.max)
      return refusal(field, 'max', `${name} must be ${config.max} or less.`)
    return undefined
  }
  if (config.type !== 'date' && config.type !== 'date_range') return undefined

  const [first, last] = isRange(value)
    ? [dayInValue(value['start-date']), dayInValue(value['end-date'])]
    : [dayInValue(value), dayInValue(value)]
  if (!first || !last || first > last) return refusal(field, 'type', TYPE_MESSAGES.date_range(name))
  const earliest = typeof config.min === 'string' ? resolveDay(config.min, today) : undefined
  const latest = typeof config.max === 'string' ? resolveDay(config.max, today) : undefined
  if (earliest && first < earliest) return refusal(field, 'min', `${name} must be ${earliest} or later.`)
  if (latest && last > latest) return refusal(field, 'max', `${name} must be ${latest} or earlier.`)
  return undefined
}

/** A pattern or check that fails to run refuses the field. */
async function brokenPattern(field: Field, value: Json, evaluate: Evaluate): Promise<ValidationError | undefined> {
  if (!field.pattern) return undefined
  const evaluated = await evaluate(field.pattern, { value })
  if (isTrue(evaluated)) return undefined
  const refused = refusal(field, 'pattern', `Please check ${field.name}: it does not have the expected form.`)
  return evaluated.ok ? refused : { ...refused, code: 'expression_failed' }
}

async function brokenCheck(field: Field, scope: Scope, evaluate: Evaluate): Promise<ValidationError | undefined> {
  for (const { that, message } of field.checks) {
    const evaluated = await evaluate(that, scope)
    if (isTrue(evaluated)) continue
    const refused = refusal(field, 'check', `Please check ${field.name}.`, message)
    return evaluated.ok ? refused : { ...refused, code: 'expression_failed' }
  }
  return undefined
}

function refusal(field: Field, rule: Rule, fallback: string, own?: string): ValidationError {
  const { message } = field.config
  const written = typeof message === 'string' ? message : message?.[rule]
  return { code: 'invalid_field', field: field.name, rule, message: own ?? written ?? fallback }
}

const TYPE_MESSAGES: { readonly [type in Field['config']['type']]: (name: string) => string } = {
  text: (name) => `Please enter ${name} as text.`,
  phone: (name) => `Please enter ${name} as a phone number, such as +351 912 345 678.`,
  email: (name) => `Please enter ${name} as an e-mail address.`,
  number: (name) => `Please enter ${name} as a number.`,
  boolean: (name) => `Please answer ${name} with yes or no.`,
  date: (name) => `Please pick a day for ${name}.`,
  date_range: (name) => `Please pick a first and a last day for ${name}.`,
  choice: (name) => `Please choose an option for ${name}.`,
  choices: (name) => `Please choose options for ${name}.`,
  files: (name) => `Please attach ${name} again.`,
}
