// A config of one flow to start from, made of its Flow JSON: what each screen is sent, what it submits, what may follow.

import { fieldsOf, isSubmittedAsIs, type Field as JsonField } from '../flow-json/fields.ts'
import type { Action, Component, FlowJson, Limit, Screen } from '../flow-json/flow-json.ts'
import { entryScreens, followUps } from '../flow-json/follow-ups.ts'
import { inferIn } from '../flow-json/infer.ts'
import { measurability } from '../flow-json/measurability.ts'
import { canBeRange } from '../flow-json/value-type.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { dataEntry } from './compile-screen.ts'
import { NEVER_EVALUATED } from './expression.ts'
import { funnelAlong } from './funnel-order.ts'
import { asksUs } from './holding.ts'
import type { FieldType } from './schema.ts'

/** As it stands in a config, below the flow's name. Conditions that nothing tells are `false`, to be written. */
export function draftFlow(flowJson: FlowJson, file: string): JsonObject {
  const ways = followUps(flowJson)
  const [start = ''] = entryScreens(flowJson)
  const sent = new Set([start, ...ways.flatMap(({ to, by }) => (by === 'endpoint' ? [to] : []))])
  const screens = [...flowJson.screens.values()].filter((screen) => sent.has(screen.id) || asksUs(screen))
  const infer = inferIn(flowJson)
  const fields = new Map(
    screens.map(({ id }) => [id, fieldsOf(flowJson, id, ['data_exchange'], infer).filter(isEntered)]),
  )
  const entered = new Set([...fields.values()].flatMap((each) => each.map(({ name }) => name)))
  const after = (id: string) => ways.flatMap(({ from, to, by }) => (from === id && by === 'endpoint' ? [to] : []))
  const ends = new Map(measurability(flowJson).map(({ screen, end }) => [screen, end]))
  return {
    flow_json: file,
    start,
    screens: Object.fromEntries(
      screens.map((screen) => [
        screen.id,
        {
          ...(sent.has(screen.id) && dataOf(screen, entered)),
          ...fieldsIn(fields.get(screen.id) ?? []),
          ...exchangesOf(screen),
          ...(screen.actions.some(isSubmission) && nextOf(after(screen.id))),
          ...(ends.get(screen.id) === 'phone' && { ends: screen.isSuccess ? 'completed' : 'unfinished' }),
        },
      ]),
    ),
    funnel: funnelAlong(
      start,
      ways,
      // Where people are turned away is no step.
      screens.filter(({ id, isSuccess }) => isSuccess || ends.get(id) !== 'phone').map(({ id }) => id),
    ),
  }
}

const isExchange = ({ kind }: Action): boolean => kind === 'data_exchange'

/** A choice in a list asks for a part only, unless nothing else does. */
const isSubmission = (action: Action, _: number, all: readonly Action[]): boolean =>
  isExchange(action) &&
  (action.event === 'on-click-action' || !all.some((each) => each.event === 'on-click-action' && each !== action))

/** Not what the endpoint itself sent before, a part of something larger, or what no field can be. */
const isEntered = ({ name, type, origins, constants, isSent }: JsonField): boolean =>
  NAME.test(name) &&
  (type.type !== 'object' || canBeRange(type)) &&
  (constants.length > 0 || (!isSent && origins.some(({ path }) => path.length === 0)))

/** What a config can call fields and exchanges. */
const NAME = /^[A-Za-z_][\w-]*$/

/** What people entered on the way is passed on; for anything else stands its example. */
function dataOf({ data }: Screen, entered: ReadonlySet<string>): JsonObject {
  const names = [...data.keys()]
  const isPassed = (name: string) => entered.has(name) && data.get(name)?.type.type === 'string'
  const given = names.flatMap((name): [string, Json][] => {
    const example = data.get(name)?.example
    return isPassed(name) || example === undefined ? [] : [[name, written(name, example)]]
  })
  const passed = names.filter(isPassed)
  return {
    ...(passed.length > 0 && { pass: passed }),
    ...(given.length > 0 && { data: Object.fromEntries(given) }),
  }
}

/** As data of a screen: what would mean something else there is the result of an expression. No screen is first shown with an error. */
function written(name: string, example: Json): Json {
  if (name === 'error_message') return ''
  let isPlain = true
  const isMore = () => {
    isPlain = false
    return NEVER_EVALUATED
  }
  dataEntry(name, example, [], { report: isMore, expression: isMore })
  return isPlain ? example : { expr: JSON.stringify(example) }
}

function fieldsIn(fields: readonly JsonField[]): JsonObject {
  return fields.length === 0
    ? {}
    : { fields: Object.fromEntries(fields.map((field): [string, Json] => [field.name, fieldOf(field)])) }
}

function fieldOf(field: JsonField): JsonObject {
  const [component, ...others] = field.origins.map((origin) => origin.component)
  const isPlain = others.length === 0 && field.constants.length === 0 && isSubmittedAsIs(field)
  return isPlain && component !== undefined ? componentField(component, field) : mixedField(field)
}

/** From several places, made of what people entered, or the same each time. */
function mixedField({ type, origins, constants }: JsonField): JsonObject {
  if (type.type === 'boolean') return { type: 'boolean' }
  if (type.type === 'array') return { type: type.items.type === 'object' ? 'files' : 'choices' }
  if (type.type === 'object') return { type: 'date_range' }
  const values = constants.filter((value) => typeof value === 'string')
  return origins.length === 0 && values.length === constants.length
    ? { type: 'choice', in: values }
    : { type: type.type === 'number' ? 'number' : 'text' }
}

function componentField(component: Component, { type: submitted, isAlwaysSent }: JsonField): JsonObject {
  const { required, branches, properties, options, limits } = component
  const type = typeOfComponent(component, submitted.type)
  const isRequired = required?.kind === 'constant' && required.value === true
  const isThere = isAlwaysSent && branches.length === 0 && !properties.has('visible')
  const ids = options?.from === 'list' ? options.items.map(({ id }) => id) : []
  return {
    type,
    ...(isRequired && isThere && { required: true, ...(type === 'boolean' && { must: true }) }),
    ...(ids.length > 0 && { in: ids }),
    ...(type === 'text' && bounds(limits.minChars, limits.maxChars)),
    ...(type === 'choices' && bounds(limits.minSelected, limits.maxSelected)),
    ...SECRETS[limits.inputType ?? ''],
  }
}

const SECRETS: { readonly [inputType: string]: JsonObject } = {
  password: { verbatim: true, keep: 'drop' },
  passcode: { keep: 'drop' },
}

/** `submitted`: the type of what it submits. */
export function typeOfComponent({ type, limits, options }: Component, submitted: string): FieldType {
  if (type === 'TextInput') return TEXT_TYPES[limits.inputType ?? 'text'] ?? 'text'
  if (type === 'DatePicker') return 'date'
  if (type === 'CalendarPicker') return submitted === 'object' ? 'date_range' : 'date'
  if (type === 'PhotoPicker' || type === 'DocumentPicker') return 'files'
  if (type === 'OptIn') return 'boolean'
  if (options) return submitted === 'array' ? 'choices' : 'choice'
  return 'text'
}

const TEXT_TYPES: { readonly [inputType: string]: FieldType } = { email: 'email', phone: 'phone', number: 'number' }

function bounds(min: Limit<number> | undefined, max: Limit<number> | undefined): JsonObject {
  return { ...(typeof min === 'number' && { min }), ...(typeof max === 'number' && { max }) }
}

/** Told by what they do not send and the whole screen does. */
function exchangesOf({ actions }: Screen): JsonObject {
  const whole = actions.filter(isSubmission)
  const parts = actions.filter((action) => isExchange(action) && !whole.includes(action))
  if (whole.length === 0) return parts.length === 0 ? {} : { on: { part: { when: 'true' } } }
  const exchanges = parts.flatMap((part): [string, Json][] => {
    const left = [...(whole[0]?.payload.keys() ?? [])].find((name) => !part.payload.has(name) && !name.includes('`'))
    const name = part.by.name ?? part.by.type
    return left === undefined || !NAME.test(name) ? [] : [[name, { when: `$not($exists(input.${asStep(left)}))` }]]
  })
  return exchanges.length === 0 ? {} : { on: Object.fromEntries(exchanges) }
}

/** Of a path in an expression. */
const asStep = (name: string): string =>
  /^(?!(?:true|false|null|function)$)[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``

function nextOf(after: readonly string[]): JsonObject {
  const [only, ...others] = after
  if (only === undefined) return { complete: {} }
  if (others.length === 0) return { next: only }
  return { next: after.map((to, index) => (index < after.length - 1 ? { when: 'false', to } : { to })) }
}
