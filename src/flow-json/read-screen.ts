// A screen: first its id and data, then, when the data of all screens is known, what is on it.

import { MOST_COMPONENTS } from './component-types.ts'
import { quoted } from './findings.ts'
import type { Screen } from './flow-json.ts'
import { type JsonNode, member, type ObjectNode } from './json-tree.ts'
import { readComponents, type ScreenParts } from './read-component.ts'
import { readData } from './read-data.ts'
import type { ScreenData } from './read-options.ts'
import { readValue } from './read-value.ts'
import { booleanIn, listIn, noteUnknown, objectIn, type Reading, requiredText, textIn } from './reading.ts'

const PROPERTIES = ['id', 'title', 'data', 'layout', 'terminal', 'success', 'refresh_on_back', 'sensitive']

export type ScreenOutline = { readonly id: string; readonly object: ObjectNode; readonly data: ScreenData }

export function outlineScreen(node: JsonNode, reading: Reading): ScreenOutline | undefined {
  const object = objectIn(node, 'a screen', reading)
  const id = object && requiredText(object, 'id', 'a screen', reading)
  if (!object || id === undefined) return undefined
  const idNode = member(object, 'id') ?? object
  if (id === 'SUCCESS')
    reading.findings.mistake(
      idNode.place,
      () => '"SUCCESS" is what an endpoint ends a flow with, and cannot be the "id" of a screen',
    )
  else if (!/^[A-Za-z_]+$/.test(id))
    reading.findings.note(
      idNode.place,
      () => `Meta wants the "id" of a screen in letters and underscores, which ${quoted(id)} is not`,
    )
  const data = member(object, 'data')
  const properties = readData(data, id, reading)
  return { id, object, data: { properties, examples: examplesIn(data) } }
}

export function readScreen(
  { id, object, data }: ScreenOutline,
  outlines: ReadonlyMap<string, ScreenOutline>,
  reading: Reading,
): Screen {
  const what = `screen ${quoted(id)}`
  noteUnknown(object, PROPERTIES, what, reading)
  const parts: ScreenParts = { components: [], actions: [] }
  const dataOf = (screen: string | undefined) => (screen === undefined ? data : outlines.get(screen)?.data)
  readComponents(layoutChildren(object, what, reading), { screen: id, dataOf, branches: [] }, parts, reading)
  const title = member(object, 'title')
  const screen: Screen = {
    id,
    place: object.place,
    ...(title && { title: readValue(title, reading) }),
    isTerminal: booleanIn(member(object, 'terminal'), `"terminal" of ${what}`, reading) ?? false,
    isSuccess: booleanIn(member(object, 'success'), `"success" of ${what}`, reading) ?? true,
    refreshOnBack: booleanIn(member(object, 'refresh_on_back'), `"refresh_on_back" of ${what}`, reading) ?? false,
    sensitive: readSensitive(object, what, reading),
    data: data.properties,
    ...parts,
  }
  checkNames(screen, reading)
  return screen
}

function layoutChildren(object: ObjectNode, what: string, reading: Reading): readonly JsonNode[] {
  const node = member(object, 'layout')
  if (!node) {
    reading.findings.mistake(object.place, () => `${what} has no "layout"`)
    return []
  }
  const layout = objectIn(node, `"layout" of ${what}`, reading)
  if (!layout) return []
  if (!layout.members.has('children'))
    reading.findings.mistake(layout.place, () => `"layout" of ${what} has no "children"`)
  return listIn(member(layout, 'children'), `"children" of ${what}`, reading)
}

const readSensitive = (object: ObjectNode, what: string, reading: Reading): readonly string[] =>
  listIn(member(object, 'sensitive'), `"sensitive" of ${what}`, reading).flatMap(
    (node) => textIn(node, `a name in "sensitive" of ${what}`, reading) ?? [],
  )

function checkNames(screen: Screen, { findings }: Reading): void {
  const { id, place, components, sensitive } = screen
  if (components.length > MOST_COMPONENTS)
    findings.note(
      place,
      () => `screen ${quoted(id)} has ${components.length} components; Meta allows ${MOST_COMPONENTS}`,
    )
  /** Whether one of the name is always there: of two branches only one is. */
  const names = new Map<string, boolean>()
  for (const component of components) {
    const { name, type, branches } = component
    if (name === undefined || type === 'Form') continue
    const isAlwaysThere = branches.length === 0
    const other = names.get(name)
    if (other || (other !== undefined && isAlwaysThere))
      findings.note(component.place, () => `screen ${quoted(id)} has two components of the name ${quoted(name)}`)
    names.set(name, isAlwaysThere || other === true)
  }
  for (const name of sensitive)
    if (!names.has(name))
      findings.note(place, () => `"sensitive" of screen ${quoted(id)} names ${quoted(name)}, which is no input of it`)
}

function examplesIn(data: JsonNode | undefined): ReadonlyMap<string, JsonNode> {
  if (data?.kind !== 'object') return new Map()
  return new Map(
    [...data.members].flatMap(([name, { value }]) => {
      const example = value.kind === 'object' ? member(value, '__example__') : undefined
      return example ? [[name, example] as const] : []
    }),
  )
}
