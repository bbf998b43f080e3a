// What a value in a payload will be: its type, and what people entered that it comes from, through the screens before.

import { COMPONENT_TYPES } from './component-types.ts'
import { resultType } from './expression-type.ts'
import type { Action, Component, FlowJson, Reference, Value, ValueType } from './flow-json.ts'
import { dataNamed, inputsOf } from './resolve.ts'
import { BOOLEAN, commonType, listOf, NUMBER, objectOf, STRING, typeOf, UNKNOWN } from './value-type.ts'

/** What people entered in this component. `path` leads to it within the value, through objects. */
export type Origin = { readonly screen: string; readonly component: Component; readonly path: readonly string[] }

export type Inferred = {
  readonly type: ValueType
  readonly origins: readonly Origin[]
  /** Whether the endpoint may have sent it, or who opened the flow. */
  readonly isSent: boolean
}

const FILE = objectOf([
  ['file_name', STRING],
  ['media_id', STRING],
  ['cdn_url', STRING],
  ['encryption_metadata', objectOf([])],
])

/** What a component submits under its name; undefined for one that submits nothing. By Meta's "Components" and "Media upload components". */
export function submittedType({ type, properties }: Component): ValueType | undefined {
  if (!Object.hasOwn(COMPONENT_TYPES, type)) return UNKNOWN
  const submits = COMPONENT_TYPES[type]?.submits
  if (submits === undefined) return undefined
  if (submits === 'agreement') return BOOLEAN
  if (submits === 'options') return listOf(STRING)
  if (submits === 'files') return listOf(FILE)
  return submits === 'calendar' ? calendarType(properties.get('mode')) : STRING
}

function calendarType(mode: Value | undefined): ValueType {
  if (mode && mode.kind !== 'constant') return UNKNOWN
  if (mode?.value !== 'range') return STRING
  return objectOf([
    ['start-date', STRING],
    ['end-date', STRING],
  ])
}

/** The screen is where the value stands. */
export type Infer = (screen: string, value: Value) => Inferred

export function inferIn(flowJson: FlowJson): Infer {
  const navigations = Map.groupBy(
    [...flowJson.screens.values()].flatMap(({ id, actions }) => actions.map((action) => ({ ...action, from: id }))),
    ({ target }) => target,
  )
  return inferAlong(navigations, flowJson)
}

/** Without what was entered on the screens before, for whoever asks for types alone: a screen declares that of its data. */
export const inferTypesIn = (flowJson: FlowJson): Infer => inferAlong(new Map(), flowJson)

function inferAlong(navigations: Tracing['navigations'], flowJson: FlowJson): Infer {
  const inputs = new Map(
    [...flowJson.screens.values()].map((screen) => [screen.id, Map.groupBy(inputsOf(screen), ({ name }) => name)]),
  )
  return (screen, value) => infer({ flowJson, navigations, inputs, visited: new Set() }, screen, value, [])
}

export function distinctOrigins(origins: readonly Origin[]): readonly Origin[] {
  const keyOf = ({ component, path }: Origin) => JSON.stringify([component.place, path])
  return [...new Map(origins.map((origin) => [keyOf(origin), origin])).values()]
}

type Tracing = {
  readonly flowJson: FlowJson
  /** By the screen they lead to. */
  readonly navigations: ReadonlyMap<string | undefined, readonly (Action & { readonly from: string })[]>
  /** By screen and name. Of one name there can be several, in branches. */
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string | undefined, readonly Component[]>>
  /** Data that has been traced, whole or as a part of something larger: screens can follow each other in a circle. */
  readonly visited: Set<string>
}

function infer(tracing: Tracing, screen: string, value: Value, path: readonly string[]): Inferred {
  switch (value.kind) {
    case 'constant':
      return entered(typeOf(value.value))
    case 'sample':
      return { type: value.type, origins: [], isSent: true }
    case 'reference':
      return referred(tracing, screen, value, path)
    case 'expression': {
      const parts = value.references.map((reference) => referred(tracing, screen, reference, path))
      return { ...combine(parts), type: typeOfResult(value.text, parts) }
    }
    case 'list': {
      const parts = value.items.map((item) => infer(tracing, screen, item, path))
      return { ...combine(parts), type: listOf(commonType(parts.map(({ type }) => type))) }
    }
    case 'object': {
      const parts = [...value.entries].map(
        ([name, entry]) => [name, infer(tracing, screen, entry, [...path, name])] as const,
      )
      return {
        ...combine(parts.map(([, part]) => part)),
        type: objectOf(parts.map(([name, { type }]) => [name, type])),
      }
    }
  }
}

function referred(tracing: Tracing, at: string, reference: Reference, path: readonly string[]): Inferred {
  const id = reference.screen ?? at
  if (reference.to === 'data') return sent(tracing, id, reference.name, path)
  const components = tracing.inputs.get(id)?.get(reference.name) ?? []
  const type = commonType(components.map((component) => submittedType(component) ?? UNKNOWN))
  return { type, origins: components.map((component) => ({ screen: id, component, path })), isSent: false }
}

/** Data of a screen: from the `navigate` actions that lead to it, and from the endpoint, which may send any. */
function sent(tracing: Tracing, id: string, name: string, path: readonly string[]): Inferred {
  const { flowJson, navigations, visited } = tracing
  const type = dataNamed(flowJson.screens.get(id)?.data ?? new Map(), name) ?? UNKNOWN
  const key = JSON.stringify([id, name, path.length === 0])
  if (visited.has(key)) return entered(type)
  visited.add(key)
  const passed = (navigations.get(id) ?? []).flatMap(({ from, payload }) => {
    const value = payload.get(name)
    return value ? [infer(tracing, from, value, path)] : []
  })
  return { ...combine(passed), type, isSent: true }
}

function typeOfResult(text: string, parts: readonly Inferred[]): ValueType {
  const result = resultType(text)
  if (result === 'reference') return parts[0]?.type ?? UNKNOWN
  return { boolean: BOOLEAN, number: NUMBER, string: STRING, unknown: UNKNOWN }[result]
}

const entered = (type: ValueType): Inferred => ({ type, origins: [], isSent: false })

function combine(parts: readonly Inferred[]): Inferred {
  return {
    type: UNKNOWN,
    origins: distinctOrigins(parts.flatMap(({ origins }) => origins)),
    isSent: parts.some(({ isSent }) => isSent),
  }
}
