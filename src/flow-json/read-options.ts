// What can be chosen in a list, and the actions that its items make by themselves.

import { EVENTS } from './component-types.ts'
import { quoted } from './findings.ts'
import type { Action, Component, DataProperty, Option, Options, Reference, Value } from './flow-json.ts'
import { type JsonNode, member, type ObjectNode, plain } from './json-tree.ts'
import { idOf, readAction } from './read-action.ts'
import { readValue } from './read-value.ts'
import { described, objectIn, type Reading } from './reading.ts'
import { commonType } from './value-type.ts'

/** The `data` of all screens, and the texts of their examples. */
export type ScreenData = {
  readonly properties: ReadonlyMap<string, DataProperty>
  readonly examples: ReadonlyMap<string, JsonNode>
}

export type ListOwner = {
  /** In words. */
  readonly owner: string
  readonly reading: Reading
  /** The data that `${data.…}` means here, or that of the screen named. */
  readonly dataOf: (screen: string | undefined) => ScreenData | undefined
}

/** `node` is a `data-source` or `list-items`. */
export function readOptions(node: JsonNode, { owner, reading, dataOf }: ListOwner): Options {
  if (node.kind === 'list')
    return { from: 'list', items: node.items.flatMap((item) => readOption(item, owner, reading)) }
  if (node.kind === 'object' || typeof node.value !== 'string') {
    noList(node, owner, reading)
    return { from: 'elsewhere' }
  }
  const value = readValue(node, reading)
  if (value.kind === 'constant') noList(node, owner, reading)
  if (value.kind !== 'reference') return { from: 'elsewhere' }
  const { to, screen, name } = value
  const reference: Reference = { to, name, ...(screen !== undefined && { screen }) }
  const example = to === 'data' ? dataOf(screen)?.properties.get(name)?.example : undefined
  const examples = Array.isArray(example) ? example.flatMap(optionOf) : []
  return { from: 'data', reference, examples }
}

function noList(node: JsonNode, owner: string, { findings }: Reading): void {
  findings.mistake(
    node.place,
    () => `what ${owner} lists must be a list or a reference such as "\${data.cities}", but is ${described(node)}`,
  )
}

/** Of a list whose items have actions: written there, or in the example of the data that it shows. */
export function itemActions(node: JsonNode, options: Options, by: Component, list: ListOwner): readonly Action[] {
  if (node.kind === 'list') return node.items.flatMap((item) => actionsOf(item, by, false, list))
  if (options.from !== 'data' || options.reference.to !== 'data') return []
  const { screen, name } = options.reference
  const example = list.dataOf(screen)?.examples.get(name)
  if (example?.kind !== 'list') return []
  return alike(example.items.flatMap((item) => actionsOf(item, by, true, list)))
}

/** Those that differ in constants only are one: the endpoint sends others. */
function alike(actions: readonly Action[]): readonly Action[] {
  const groups = Map.groupBy(actions, ({ event, kind, target, payload }) =>
    JSON.stringify([event, kind, target, [...payload.keys()].sort()]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { option: _, ...action } = first
    const payload = new Map([...first.payload].map(([name, value]) => [name, mergedSample(value, group, name)]))
    return [{ ...action, payload }]
  })
}

function mergedSample(value: Value, group: readonly Action[], name: string): Value {
  if (value.kind !== 'sample') return value
  const types = group.flatMap(({ payload }) => {
    const other = payload.get(name)
    return other?.kind === 'sample' ? [other.type] : []
  })
  return { ...value, type: commonType(types) }
}

function actionsOf(
  item: JsonNode,
  by: Component,
  isExample: boolean,
  { owner, reading }: ListOwner,
): readonly Action[] {
  if (item.kind !== 'object') return []
  const id = member(item, 'id')
  const option = id?.kind === 'scalar' && typeof id.value === 'string' ? id.value : undefined
  const what = option === undefined ? `an item of ${owner}` : `item ${quoted(option)} of ${owner}`
  const origin = { by, isExample, ...(option !== undefined && { option }) }
  return EVENTS.flatMap((event) => {
    const node = member(item, event)
    return (node && readAction(node, { ...origin, event }, what, reading)) ?? []
  })
}

function readOption(node: JsonNode, owner: string, reading: Reading): readonly Option[] {
  const item = objectIn(node, `an item of ${owner}`, reading)
  if (!item) return []
  const isAction = (name: string) => EVENTS.some((event) => event === name)
  for (const [name, { value }] of item.members) if (!isAction(name)) readValue(value, reading)
  const id = idOf(item, `an item of ${owner}`, reading)
  if (id === undefined && !member(item, 'id'))
    reading.findings.mistake(node.place, () => `an item of ${owner} has no "id"`)
  return optionOf(withoutActions(item))
}

const withoutActions = (item: ObjectNode) =>
  Object.fromEntries(
    ['id', 'title', 'main-content', 'enabled'].flatMap((name) => {
      const node = member(item, name)
      return node ? [[name, plain(node)]] : []
    }),
  )

function optionOf(item: unknown): readonly Option[] {
  const { id, title, enabled, 'main-content': main } = record(item)
  if (typeof id !== 'string' && typeof id !== 'number') return []
  const shown = title ?? record(main).title
  return [{ id: String(id), isEnabled: enabled !== false, ...(typeof shown === 'string' && { title: shown }) }]
}

const record = (value: unknown): { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null ? { ...value } : {}
