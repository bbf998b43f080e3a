// What people enter into one input of a phone, when they mean well: what the phone takes, and the rules of the field that it becomes.

import type { Field } from '../flow/definition.ts'
import { typeOfComponent } from '../flow/draft-flow.ts'
import { isTrue, type Scope } from '../flow/expression.ts'
import { type Pattern, parsePattern } from '../flow/field-pattern.ts'
import { submittedType } from '../flow-json/infer.ts'
import { dayPlus, weekdayOf } from '../lib/days.ts'
import { isMissing, type Json, type JsonObject } from '../lib/json.ts'
import { drawerFor, type Situation, type Undrawable, unknown } from './draw-value.ts'
import { textsWantedBy } from './pattern.ts'
import type { Input, View } from './phone.ts'
import { between, pick, pickWeighted } from './random.ts'
import { asSubmitted, fits } from './values.ts'

export type Entering = {
  readonly view: View
  readonly input: Input
  /** That of the config which the input is submitted as, if there is one. */
  readonly field: Field | undefined
  readonly situation: Situation
  /** What expressions of the field see besides the value; `input` is what the form would submit so far. */
  readonly scope: Scope & { readonly input: JsonObject }
}

/** Without a value where the input stays empty. */
export type Entered = { readonly ok: true; readonly value?: Json } | Undrawable

export async function enter(entering: Entering): Promise<Entered> {
  const { input, field, situation } = entering
  const { random, wishes } = situation
  const merged = mergedField(entering)
  const wished = wishes.get(merged.name)?.filter(({ value }) => isOffered(input, value))
  if (wished && wished.length > 0) return { ok: true, value: asSubmitted(merged, pickWeighted(random, wished).value) }
  const isNeeded = input.isRequired || Boolean(field?.config.required) || merged.config.must === true
  if (!isNeeded && random() < LEFT_EMPTY) return { ok: true }
  const drawer = drawerFor(merged, { ...situation, data: offers(merged.name, input) })
  if (!drawer.ok) return isNeeded || drawer.reason === 'unknown' ? drawer : { ok: true }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const value = attempt < LIKELY_ATTEMPTS ? drawer.draw() : (unlikely(merged, entering) ?? drawer.draw())
    if (await isGood(value, merged, entering)) return { ok: true, value: asEntered(value, entering) }
  }
  return unknown(merged, 'no value was found that keeps its rules; give some under values in the profile')
}

const ATTEMPTS = 120
const LIKELY_ATTEMPTS = 15
/** How often what may be left empty is. */
const LEFT_EMPTY = 0.3

const isOffered = ({ choices }: Input, value: Json): boolean =>
  choices === undefined || [value].flat().every((each) => choices.includes(String(each)))

const offers = (name: string, { choices }: Input): JsonObject =>
  choices === undefined ? {} : { [name]: choices.map((id) => ({ id, title: id })) }

/** The field of the config as far as there is one, within what the component takes. */
function mergedField({ view, input, field }: Entering): Field {
  const { component, choices, name } = input
  const { limits } = component
  const isRange = view.resolved(component.properties.get('mode')) === 'range'
  const own = typeOfComponent(component, isRange ? 'object' : (submittedType(component)?.type ?? 'string'))
  const written = field?.config.type
  const type = choices !== undefined || written === undefined || written === 'text' ? own : written
  const pattern = field?.pattern ?? patternOf(limits.pattern)
  const count = (limit: Json | undefined) => (typeof limit === 'number' ? limit : undefined)
  const size =
    choices === undefined
      ? {
          min: count(view.resolved(limits.minChars ?? limits.minFiles)),
          max: count(view.resolved(limits.maxChars ?? limits.maxFiles)) ?? LONGEST[component.type],
        }
      : { min: count(view.resolved(limits.minSelected)), max: count(view.resolved(limits.maxSelected)) }
  return {
    name: field?.name ?? name,
    isInferred: field === undefined,
    required: false,
    checks: [],
    messages: {},
    ...field,
    ...(pattern && { pattern }),
    config: {
      verbatim: false,
      ...field?.config,
      ...(pattern && { pattern: pattern.text }),
      required: input.isRequired || Boolean(field?.config.required),
      type,
      ...boundsOf(type, field, size, [view.resolved(limits.minDate), view.resolved(limits.maxDate)]),
    },
  }
}

/** Undefined for one that only a phone understands. */
function patternOf(text: string | undefined): Pattern | undefined {
  try {
    return text === undefined ? undefined : parsePattern(text)
  } catch {
    return undefined
  }
}

/** By Meta's "Components". */
const LONGEST: { readonly [component: string]: number | undefined } = { TextInput: 80, TextArea: 600 }

type Size = { readonly min: number | undefined; readonly max: number | undefined }

/** Of length or number of choices both limits hold; of days, the config's where it has one. */
function boundsOf(
  type: Field['config']['type'],
  field: Field | undefined,
  size: Size,
  days: readonly (Json | undefined)[],
) {
  const { min, max, length } = field?.config ?? {}
  if (type === 'number') return {}
  if (type === 'date' || type === 'date_range') {
    const [first, last] = days.map((day) => (typeof day === 'string' && /^\d{4}-/.test(day) ? day : undefined))
    return { ...some('min', min ?? first), ...some('max', max ?? last) }
  }
  const { min: least, max: most } = typeof length === 'number' ? { min: length, max: length } : (length ?? {})
  const asNumbers = (values: readonly (string | number | undefined)[]) =>
    values.filter((value) => typeof value === 'number')
  const all = { min: asNumbers([min, least, size.min]), max: asNumbers([max, most, size.max]) }
  return {
    min: undefined,
    max: undefined,
    length: {
      ...(all.min.length > 0 && { min: Math.max(...all.min) }),
      ...(all.max.length > 0 && { max: Math.min(...all.max) }),
    },
  }
}

const some = <K extends string, T>(key: K, value: T | undefined) => (value === undefined ? {} : { [key]: value })

/** What people seldom enter, for rules that want it: what stands elsewhere in the form or in the rule, days long ago, large numbers. */
function unlikely({ config, checks }: Field, { situation: { random, today }, scope }: Entering): Json | undefined {
  switch (config.type) {
    case 'date':
      return dayPlus(today, between(random, -36_500, 700))
    case 'number':
      return String(between(random, 0, 10 ** between(random, 1, 6)))
    case 'text':
    case 'phone': {
      const others = Object.values(scope.input).filter((value) => typeof value === 'string')
      const wanted = [...others, ...checks.flatMap(({ that }) => textsWantedBy(that.text, random))]
      return wanted.length > 0 && random() < 0.5 ? pick(random, wanted) : undefined
    }
    default:
      return undefined
  }
}

async function isGood(value: Json, field: Field, { view, input, scope }: Entering): Promise<boolean> {
  const { must, required } = field.config
  if (!fits(field, value) || !isDayOffered(value, view, input)) return false
  if (input.isRequired && isMissing(value)) return false
  if (value === false && (must || required === true)) return false
  const seen = { ...scope, input: { ...scope.input, [field.name]: value }, value, field: field.name }
  for (const { that } of field.checks) if (!isTrue(await that.evaluate(seen))) return false
  return true
}

function isDayOffered(value: Json, { resolved }: View, { component }: Input): boolean {
  if (typeof value !== 'string' || !component.type.endsWith('Picker')) return true
  const { properties } = component
  const [taken, weekdays] = ['unavailable-dates', 'include-days'].map((name) => resolved(properties.get(name)))
  if (Array.isArray(taken) && taken.includes(value)) return false
  return !Array.isArray(weekdays) || weekdays.includes(WEEKDAYS[weekdayOf(value) - 1] as string)
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** Before version 5.0 a DatePicker submits milliseconds. */
const asEntered = (value: Json, { view, input }: Entering): Json =>
  input.component.type === 'DatePicker' && view.version < 500 ? String(Date.parse(String(value))) : value
