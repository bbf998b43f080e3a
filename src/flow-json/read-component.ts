// The components of a screen, in forms and branches too, and the actions they make. By Meta's "Components".

import { COMPONENT_TYPES, type ComponentType, EVENTS } from './component-types.ts'
import { nearest, quoted } from './findings.ts'
import type { Action, Branch, Component, Value } from './flow-json.ts'
import { type JsonNode, member, type ObjectNode, plain } from './json-tree.ts'
import { nameOf, readAction } from './read-action.ts'
import { readLimits } from './read-limits.ts'
import { itemActions, type ListOwner, readOptions, type ScreenData } from './read-options.ts'
import { readCondition, readValue } from './read-value.ts'
import { listIn, noteUnknown, objectIn, type Reading, requiredText, textIn } from './reading.ts'
import { isNewerThanKnown, NEWEST, numberOf } from './versions.ts'

export type ScreenParts = { readonly components: Component[]; readonly actions: Action[] }

export type Surroundings = {
  readonly screen: string
  readonly dataOf: (screen: string | undefined) => ScreenData | undefined
  readonly branches: readonly Branch[]
  /** `init-values` of the form around. */
  readonly initValues?: Value
}

/** Properties that are read into something of their own. */
const STRUCTURE = new Set<string>([
  'type',
  'name',
  'children',
  'then',
  'else',
  'cases',
  'data-source',
  'list-items',
  ...EVENTS,
])

/** Adds to `parts`. */
export function readComponents(
  nodes: readonly JsonNode[],
  around: Surroundings,
  parts: ScreenParts,
  reading: Reading,
): void {
  for (const node of nodes) {
    const object = objectIn(node, `a component of screen ${quoted(around.screen)}`, reading)
    if (object) readComponent(object, around, parts, reading)
  }
}

function readComponent(object: ObjectNode, around: Surroundings, parts: ScreenParts, reading: Reading): void {
  const type = requiredText(object, 'type', `a component of screen ${quoted(around.screen)}`, reading)
  if (type === undefined) return
  const name = textIn(member(object, 'name'), `"name" of a ${type}`, reading)
  const identity = { type, ...(name !== undefined && { name }) }
  const owner = `${nameOf(identity)} of screen ${quoted(around.screen)}`
  checkType(object, type, owner, reading)

  const properties = new Map(
    [...object.members]
      .filter(([key]) => !STRUCTURE.has(key))
      .map(([key, { value }]) => [
        key,
        key === 'condition' ? readCondition(value, reading) : readValue(value, reading),
      ]),
  )
  const listNode = member(object, 'data-source') ?? member(object, 'list-items')
  const list: ListOwner = { owner, reading, dataOf: around.dataOf }
  const options = listNode && readOptions(listNode, list)
  const component: Component = {
    ...identity,
    place: object.place,
    branches: around.branches,
    properties,
    limits: readLimits(properties),
    ...present('label', properties.get('label')),
    ...present('required', properties.get('required')),
    ...present('initValue', properties.get('init-value') ?? initValueFrom(around.initValues, name)),
    ...(options && { options }),
  }
  parts.components.push(component)
  for (const event of EVENTS) {
    const node = member(object, event)
    const action = node && readAction(node, { by: component, event, isExample: false }, owner, reading)
    if (action) parts.actions.push(action)
  }
  if (listNode && options) parts.actions.push(...itemActions(listNode, options, component, list))
  readInner(object, component, owner, around, parts, reading)
}

function readInner(
  object: ObjectNode,
  { type, properties }: Component,
  owner: string,
  around: Surroundings,
  parts: ScreenParts,
  reading: Reading,
): void {
  const initValues = properties.get('init-values')
  const within = { ...around, ...(initValues && { initValues }) }
  readComponents(listIn(member(object, 'children'), `"children" of ${owner}`, reading), within, parts, reading)
  const readBranch = (node: JsonNode | undefined, what: string, branch: Branch) =>
    readComponents(listIn(node, what, reading), { ...within, branches: [...around.branches, branch] }, parts, reading)
  if (type === 'If') {
    const condition = textIn(member(object, 'condition'), `"condition" of ${owner}`, reading) ?? ''
    readBranch(member(object, 'then'), `"then" of ${owner}`, { on: 'If', condition, holds: true })
    readBranch(member(object, 'else'), `"else" of ${owner}`, { on: 'If', condition, holds: false })
  }
  if (type === 'Switch') {
    const cases = member(object, 'cases')
    const value = member(object, 'value')
    const tested = value ? String(plain(value)) : ''
    for (const [equals, branch] of (cases && objectIn(cases, `"cases" of ${owner}`, reading))?.members ?? [])
      readBranch(branch.value, `case ${quoted(equals)} of ${owner}`, { on: 'Switch', value: tested, equals })
  }
}

function initValueFrom(values: Value | undefined, name: string | undefined): Value | undefined {
  if (!values || name === undefined) return undefined
  if (values.kind === 'object') return values.entries.get(name)
  if (values.kind === 'reference') return { ...values, name: `${values.name}.${name}` }
  const constants = values.kind === 'constant' ? values.value : undefined
  if (typeof constants !== 'object' || constants === null || !Object.hasOwn(constants, name)) return undefined
  return {
    kind: 'constant',
    value: (constants as { readonly [name: string]: never })[name] ?? null,
    place: values.place,
  }
}

function checkType(object: ObjectNode, type: string, owner: string, reading: Reading): void {
  const { findings, version } = reading
  const place = member(object, 'type')?.place ?? object.place
  const known = Object.hasOwn(COMPONENT_TYPES, type) ? COMPONENT_TYPES[type] : undefined
  if (!known) {
    const hint = isNewerThanKnown(version) ? '' : nearest(type, Object.keys(COMPONENT_TYPES))
    findings.note(place, () => `${owner} is of a type that Flow JSON ${NEWEST} does not have${hint}`)
    return
  }
  if (numberOf(known.since) > version) findings.note(place, () => `${owner} needs version ${known.since} of Flow JSON`)
  for (const name of known.needs ?? []) if (!object.members.has(name)) reportMissing(name, object, owner, reading)
  for (const name of ['text', 'label'])
    if (known.has.includes(name) && !object.members.has(name) && !isOptional(type, version))
      findings.note(object.place, () => `${owner} has no ${quoted(name)}, which Meta asks for`)
  noteUnknown(object, ['type', ...known.has, ...Object.keys(known.later ?? {})], owner, reading)
  noteTooNew(object, known, owner, reading)
}

/** Whether the label is; Meta asks for it in groups since 4.0. */
const isOptional = (type: string, version: number): boolean =>
  type === 'NavigationList' || (version < numberOf('4.0') && ['CheckboxGroup', 'RadioButtonsGroup'].includes(type))

function reportMissing(name: string, object: ObjectNode, owner: string, { findings }: Reading): void {
  findings.mistake(object.place, () => `${owner} has no ${quoted(name)}${nearest(name, object.members.keys())}`)
}

function noteTooNew(object: ObjectNode, { later }: ComponentType, owner: string, { findings, version }: Reading): void {
  for (const [name, since] of Object.entries(later ?? {})) {
    const found = object.members.get(name)
    if (found && numberOf(since) > version)
      findings.note(found.place, () => `${quoted(name)} of ${owner} needs version ${since} of Flow JSON`)
  }
}

const present = <K extends string>(key: K, value: Value | undefined): { readonly [key in K]?: Value } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: Value })
