// Actions: what a tap does. By Meta's "Flow JSON", actions.

import { ACTION_KINDS } from './component-types.ts'
import { nearest, quoted } from './findings.ts'
import type { Action, Component, Value } from './flow-json.ts'
import { type JsonNode, member, type ObjectNode, plain } from './json-tree.ts'
import { readValue } from './read-value.ts'
import { noteUnknown, objectIn, type Reading, requiredText, textIn } from './reading.ts'
import { typeOf } from './value-type.ts'
import { isNewerThanKnown, numberOf } from './versions.ts'

export type ActionOrigin = Pick<Action, 'by' | 'event' | 'option' | 'isExample'>

/** `owner` is the component in words. */
export function readAction(node: JsonNode, origin: ActionOrigin, owner: string, reading: Reading): Action | undefined {
  const what = `"${origin.event}" of ${owner}`
  const object = objectIn(node, what, reading)
  if (!object) return undefined
  const kind = requiredText(object, 'name', what, reading)
  if (kind === undefined) return undefined
  checkKind(kind, object, what, reading)
  noteUnknown(object, ['name', 'next', 'payload', 'url'], what, reading)
  const target = kind === 'navigate' ? readTarget(object, what, reading) : undefined
  const url = member(object, 'url')
  return {
    ...origin,
    kind,
    place: node.place,
    payload: readPayload(member(object, 'payload'), origin.isExample, what, reading),
    ...(target !== undefined && { target }),
    ...(url && { url: readValue(url, reading) }),
  }
}

function checkKind(kind: string, object: ObjectNode, what: string, { findings, version }: Reading): void {
  const place = member(object, 'name')?.place ?? object.place
  const since = Object.hasOwn(ACTION_KINDS, kind) ? ACTION_KINDS[kind] : undefined
  if (since === undefined) {
    const tell = isNewerThanKnown(version) ? findings.note : findings.mistake
    const kinds = Object.keys(ACTION_KINDS)
    tell(place, () => `${what} is ${quoted(kind)}; it is one of ${kinds.join(', ')}${nearest(kind, kinds)}`)
  } else if (numberOf(since) > version)
    findings.note(place, () => `${what} is ${quoted(kind)}, which needs version ${since} of Flow JSON`)
}

function readTarget(object: ObjectNode, what: string, reading: Reading): string | undefined {
  const next = member(object, 'next')
  if (!next) {
    reading.findings.mistake(object.place, () => `${what} navigates, but has no "next" that names a screen`)
    return undefined
  }
  const screen = objectIn(next, `"next" of ${what}`, reading)
  return screen && requiredText(screen, 'name', `"next" of ${what}`, reading)
}

function readPayload(
  node: JsonNode | undefined,
  isExample: boolean,
  what: string,
  reading: Reading,
): ReadonlyMap<string, Value> {
  const object = node && objectIn(node, `"payload" of ${what}`, reading)
  if (!object) return new Map()
  const read = (value: JsonNode): Value => (isExample ? sampleOf(value) : readValue(value, reading))
  return new Map([...object.members].map(([name, { value }]) => [name, read(value)]))
}

function sampleOf(node: JsonNode): Value {
  const value = plain(node)
  return { kind: 'sample', value, type: typeOf(value), place: node.place }
}

/** For messages: `Footer`, `Dropdown "city"`. */
export const nameOf = ({ type, name }: Pick<Component, 'type' | 'name'>): string =>
  name === undefined ? type : `${type} ${quoted(name)}`

/** The id of an item in a list of options, if it has one that can be one. */
export const idOf = (item: ObjectNode, what: string, reading: Reading): string | undefined => {
  const id = member(item, 'id')
  return id?.kind === 'scalar' && typeof id.value === 'number'
    ? String(id.value)
    : textIn(id, `"id" of ${what}`, reading)
}
