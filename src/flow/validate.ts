// Validates a submission: checks every field and reports all refusals at once.

import { isMissing, type Json, type JsonObject, own } from '../lib/json.ts'
import { DAY_MS } from '../lib/units.ts'
import { LONGEST_TEXT, type TrailError } from '../trail/event.ts'
import { valuesIn } from './compile-field.ts'
import type { Field, Flow } from './definition.ts'
import { type Evaluate, type Expression, isTrue, type Scope } from './expression.ts'
import { allowedSize } from './field-size.ts'
import { dayInValue, hasType, isoDay, isRange, numberOf } from './field-types.ts'
import type { Rule } from './schema.ts'
import { renderSentence, type Template } from './template.ts'

/** `code`: `invalid_field`, or `expression_failed` if its check failed to run. `message`: for the person. */
type ValidationError = TrailError & { readonly field: string; readonly rule: Rule; readonly message: string }

export type Judging = {
  readonly flow: Pick<Flow, 'messages'>
  readonly input: JsonObject
  /** With `today`. A check sees the field's own `value`, too. */
  readonly scope: Scope
  readonly evaluate: Evaluate
  /** Whether the form is not finished: a value is judged by its type and by what can be chosen, no more. */
  readonly isPart?: boolean
}

/** Each field is refused for at most one rule, the first of RULES that it breaks. */
export async function validate(fields: readonly Field[], judging: Judging): Promise<ValidationError[]> {
  const broken = await Promise.all(fields.map((field) => judge(field, own(judging.input, field.name), judging)))
  return broken.filter((refusal) => refusal !== undefined)
}

/** What a value breaks, before it is put into words. `fallback`: unless the config says it. */
type Broken = { readonly rule: Rule; readonly fallback: string; readonly own?: Template; readonly isFault?: boolean }

async function judge(field: Field, value: Json | undefined, judging: Judging): Promise<ValidationError | undefined> {
  const found = await brokenBy(field, value, judging)
  if (!found) return undefined
  const { rule, fallback, own: written, isFault } = found
  const { flow, scope, evaluate } = judging
  const sentence = written ?? field.messages[rule] ?? flow.messages[rule]
  const { text = '' } = sentence
    ? await renderSentence(sentence, { ...scope, value, field: field.name }, evaluate)
    : { text: fallback }
  const code = isFault ? 'expression_failed' : 'invalid_field'
  return { code, field: field.name, rule, message: text === '' ? fallback : text }
}

async function brokenBy(field: Field, value: Json | undefined, judging: Judging): Promise<Broken | undefined> {
  const { name, config } = field
  const { scope, evaluate, isPart } = judging
  if (value === undefined || isMissing(value)) return brokenRequired(field, judging)
  if (!hasType(value, config.type)) return { rule: 'type', fallback: TYPE_MESSAGES[config.type](name) }
  if (config.must && value !== true) return { rule: 'must', fallback: `Please agree to ${name}.` }
  const notOffered = await brokenAllowed(field, value, judging)
  if (notOffered || isPart) return notOffered
  const broken = brokenSize(field, value) ?? brokenRange(field, value, String(scope.today))
  return broken ?? (await brokenPattern(field, value, evaluate)) ?? brokenCheck(field, { ...scope, value }, evaluate)
}

async function brokenRequired(
  { name, required, config }: Field,
  { scope, evaluate }: Judging,
): Promise<Broken | undefined> {
  const fallback = `Please fill in ${name}.`
  if (config.must) return { rule: 'must', fallback: `Please agree to ${name}.` }
  if (typeof required === 'boolean') return required ? { rule: 'required', fallback } : undefined
  const evaluated = await evaluate(required, scope)
  if (!evaluated.ok) return { rule: 'required', fallback, isFault: true }
  return isTrue(evaluated) ? { rule: 'required', fallback } : undefined
}

/** `today+30d` → the day thirty days after `today`; a fixed day stays. */
function resolveDay(bound: string, today: string): string {
  const [, sign, days] = /^today(?:([+-])(\d+)d)?$/.exec(bound) ?? []
  if (!bound.startsWith('today')) return bound
  const shift = days === undefined ? 0 : Number(`${sign}${days}`)
  return isoDay(Date.parse(`${today}T00:00:00Z`) + shift * DAY_MS)
}

async function brokenAllowed(field: Field, value: Json, { scope, evaluate }: Judging): Promise<Broken | undefined> {
  if (!field.allowed && !field.allowedBy) return undefined
  const broken: Broken = { rule: 'in', fallback: `Please choose one of the options for ${field.name}.` }
  const allowed = field.allowedBy
    ? await allowedBy(field.allowedBy, scope, evaluate)
    : new Set(field.allowed?.map(String))
  if (!allowed) return { ...broken, isFault: true }
  return [value].flat().every((item) => allowed.has(String(item))) ? undefined : broken
}

/** Undefined if the expression fails. */
async function allowedBy(expression: Expression, scope: Scope, evaluate: Evaluate): Promise<Set<string> | undefined> {
  const evaluated = await evaluate(expression, scope)
  if (!evaluated.ok) return undefined
  return new Set(evaluated.value === undefined ? [] : valuesIn([evaluated.value].flat()))
}

/** `min` and `max` mean the size of a text or a list. */
function brokenSize(field: Field, value: Json): Broken | undefined {
  const { name, config } = field
  const isText = typeof value === 'string' && /^(text|phone|email|choice)$/.test(config.type)
  if (!isText && !Array.isArray(value)) return undefined
  const size = typeof value === 'string' ? charactersOf(value) : (value as readonly Json[]).length
  const { least, most: allowed } = allowedSize(config)
  const most = Math.min(LONGEST_TEXT, allowed)
  if (size >= least && size <= most) return undefined
  const what = isText ? 'characters' : 'entries'
  const message =
    size < least ? `${name} needs at least ${least} ${what}.` : `${name} can have at most ${most} ${what}.`
  return { rule: 'length', fallback: message }
}

/** Code points. A text of more than twice the limit in UTF-16 units is over it either way. */
const charactersOf = (text: string): number => (text.length > 2 * LONGEST_TEXT ? text.length : [...text].length)

function brokenRange(field: Field, value: Json, today: string): Broken | undefined {
  const { name, config } = field
  if (config.type === 'number') {
    const number = numberOf(value) as number
    if (typeof config.min === 'number' && number < config.min)
      return { rule: 'min', fallback: `${name} must be ${config.min} or more.` }
    if (typeof config.max === 'number' && number > config.max)
      return { rule: 'max', fallback: `${name} must be ${config.max} or less.` }
    return undefined
  }
  if (config.type !== 'date' && config.type !== 'date_range') return undefined

  const [first, last] = isRange(value)
    ? [dayInValue(value['start-date']), dayInValue(value['end-date'])]
    : [dayInValue(value), dayInValue(value)]
  if (!first || !last || first > last) return { rule: 'type', fallback: TYPE_MESSAGES.date_range(name) }
  const earliest = typeof config.min === 'string' ? resolveDay(config.min, today) : undefined
  const latest = typeof config.max === 'string' ? resolveDay(config.max, today) : undefined
  if (earliest && first < earliest) return { rule: 'min', fallback: `${name} must be ${earliest} or later.` }
  if (latest && last > latest) return { rule: 'max', fallback: `${name} must be ${latest} or earlier.` }
  return undefined
}

/** A pattern or check that fails to run refuses the field. */
async function brokenPattern({ name, pattern }: Field, value: Json, evaluate: Evaluate): Promise<Broken | undefined> {
  if (!pattern) return undefined
  const evaluated = await evaluate(pattern, { value })
  if (isTrue(evaluated)) return undefined
  const fallback = `Please check ${name}: it does not have the expected form.`
  return { rule: 'pattern', fallback, isFault: !evaluated.ok }
}

async function brokenCheck({ name, checks }: Field, scope: Scope, evaluate: Evaluate): Promise<Broken | undefined> {
  for (const { that, message } of checks) {
    const evaluated = await evaluate(that, scope)
    if (isTrue(evaluated)) continue
    const fallback = `Please check ${name}.`
    return { rule: 'check', fallback, isFault: !evaluated.ok, ...(message && { own: message }) }
  }
  return undefined
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
