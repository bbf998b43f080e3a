// What a phone shows, and what a tap on it does, by the Flow JSON.

import { COMPONENT_TYPES } from '../flow-json/component-types.ts'
import { evaluateExpression } from '../flow-json/evaluate-expression.ts'
import type { Action, Branch, Component, FlowJson, Limit, Reference, Screen, Value } from '../flow-json/flow-json.ts'
import { versionNumber } from '../flow-json/versions.ts'
import { isObject, type Json, type JsonObject, own } from '../lib/json.ts'

/** A screen on the way: what it was sent with, and what is entered there, by component. */
export type Stop = { readonly id: string; readonly data: JsonObject; readonly form: JsonObject }

/** A component that people can enter something into now. */
export type Input = {
  readonly name: string
  readonly component: Component
  readonly isRequired: boolean
  /** The ids that can be chosen; undefined where nothing is chosen. */
  readonly choices?: readonly string[]
}

/** What the phone does, with the payload filled in. */
export type Tap = {
  readonly kind: string
  readonly by: Component
  readonly target?: string
  readonly payload: JsonObject
}

export type View = {
  readonly screen: Screen
  readonly inputs: readonly Input[]
  /** What can be tapped, besides choosing and links to the web. */
  readonly taps: readonly Tap[]
  /** What choosing it does at once. */
  selecting(component: Component, chosen: Json): readonly Tap[]
  /** Of the Flow JSON, as 703 for 7.3. */
  readonly version: number
  resolved<T extends Json>(limit: Limit<T> | undefined): Json | undefined
}

/** Of the last stop of the way; undefined if the Flow JSON does not have its screen. */
export function viewOf(flowJson: FlowJson, way: readonly Stop[]): View | undefined {
  const here = way.at(-1)
  const screen = here && flowJson.screens.get(here.id)
  if (!here || !screen) return undefined
  const lookup = ({ to, screen: id, name }: Reference): Json | undefined => {
    const stop = id === undefined ? here : way.findLast((each) => each.id === id)
    return stop && named(stop[to], name)
  }
  const resolved = (value: Limit<Json> | undefined): Json | undefined =>
    isValue(value) ? filledIn(value, lookup) : value
  const isThere = ({ branches, properties }: Component) =>
    branches.every((branch) => isTaken(branch, lookup)) && resolved(properties.get('visible')) !== false
  const isUsable = (component: Component) =>
    isThere(component) && resolved(component.properties.get('enabled')) !== false
  const itemsOf = ({ options }: Component): readonly JsonObject[] => {
    const items = options?.from === 'data' ? lookup(options.reference) : undefined
    return Array.isArray(items) ? items.filter(isObject) : []
  }
  const choicesOf = (component: Component) =>
    component.options?.from === 'list'
      ? component.options.items.filter(({ isEnabled }) => isEnabled).map(({ id }) => id)
      : itemsOf(component)
          .filter(({ enabled }) => enabled !== false)
          .map(({ id }) => String(id))
  const tapOf = ({ kind, by, target, payload }: Action): Tap => ({
    kind,
    by,
    ...(target !== undefined && { target }),
    payload: filledInAll(payload, lookup),
  })
  const usable = screen.components.filter(isUsable)
  const listed = usable.flatMap((by) => itemsOf(by).flatMap((item) => tapOfItem(item, by)))
  const written = screen.actions.filter(
    ({ event, by, isExample }) => event === 'on-click-action' && !isExample && usable.includes(by),
  )
  return {
    screen,
    inputs: usable.flatMap((component) => {
      const { name, required, options } = component
      if (name === undefined || COMPONENT_TYPES[component.type]?.submits === undefined) return []
      return [
        {
          name,
          component,
          isRequired: resolved(required) === true,
          ...(options && { choices: choicesOf(component) }),
        },
      ]
    }),
    taps: [...written.map(tapOf), ...listed].filter(({ kind }) => kind !== 'open_url'),
    selecting: (component, chosen) =>
      screen.actions
        .filter(({ event, by, option }) => event === 'on-select-action' && by === component && isOf(option, chosen))
        .map(tapOf),
    version: versionNumber(flowJson.version) ?? 0,
    resolved,
  }
}

/** What stands in a screen's inputs before anybody enters something. */
export function initialForm(flowJson: FlowJson, way: readonly Stop[]): JsonObject {
  const view = viewOf(flowJson, way)
  return Object.fromEntries(
    (view?.screen.components ?? []).flatMap(({ name, initValue }): [string, Json][] => {
      const value = view?.resolved(initValue)
      return name === undefined || value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

const isValue = (value: Limit<Json> | undefined): value is Value =>
  typeof value === 'object' && value !== null && 'kind' in value && 'place' in value

const isOf = (option: string | undefined, chosen: Json): boolean => option === undefined || option === chosen

type Lookup = (reference: Reference) => Json | undefined

function filledIn(value: Value, lookup: Lookup): Json | undefined {
  switch (value.kind) {
    case 'constant':
    case 'sample':
      return value.value
    case 'reference':
      return lookup(value)
    case 'expression':
      return evaluateExpression(value.text, lookup)
    case 'list':
      return value.items.flatMap((item) => filledIn(item, lookup) ?? [])
    case 'object':
      return filledInAll(value.entries, lookup)
  }
}

const filledInAll = (entries: ReadonlyMap<string, Value>, lookup: Lookup): JsonObject =>
  Object.fromEntries(
    [...entries].flatMap(([name, entry]): [string, Json][] => {
      const value = filledIn(entry, lookup)
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** `a.b` is also property `b` of the object `a`. */
function named(values: JsonObject, name: string): Json | undefined {
  const whole = own(values, name)
  if (whole !== undefined) return whole
  return name
    .split('.')
    .reduce<Json | undefined>((value, step) => (isObject(value) ? own(value, step) : undefined), values)
}

function isTaken(branch: Branch, lookup: Lookup): boolean {
  if (branch.on === 'If') {
    const condition = /^\s*`(.*)`\s*$/s.exec(branch.condition)?.[1] ?? branch.condition
    return Boolean(evaluateExpression(condition, lookup)) === branch.holds
  }
  return String(evaluateExpression(branch.value, lookup)) === branch.equals
}

/** Of an item that was sent with an action of its own. */
function tapOfItem(item: JsonObject, by: Component): readonly Tap[] {
  const action = item['on-click-action']
  if (!isObject(action) || typeof action.name !== 'string') return []
  const target = isObject(action.next) && typeof action.next.name === 'string' ? action.next.name : undefined
  const payload = isObject(action.payload) ? action.payload : {}
  return [{ kind: action.name, by, ...(target !== undefined && { target }), payload }]
}
