// The `data` of a screen: what it must be sent with, in the JSON Schema of Flow JSON.

import { nearest, quoted } from './findings.ts'
import type { DataProperty, ValueType } from './flow-json.ts'
import { type JsonNode, member, type ObjectNode, plain } from './json-tree.ts'
import { listIn, objectIn, type Reading, textIn } from './reading.ts'
import { BOOLEAN, fits, listOf, NUMBER, objectOf, STRING, typeName, typeOf, UNKNOWN } from './value-type.ts'
import { isNewerThanKnown } from './versions.ts'

const TYPES = ['string', 'number', 'boolean', 'object', 'array']

export function readData(
  node: JsonNode | undefined,
  screen: string,
  reading: Reading,
): ReadonlyMap<string, DataProperty> {
  const object = node && objectIn(node, `"data" of screen ${quoted(screen)}`, reading)
  if (!object) return new Map()
  return new Map([...object.members].map(([name, { value }]) => [name, readProperty(name, value, screen, reading)]))
}

function readProperty(name: string, node: JsonNode, screen: string, reading: Reading): DataProperty {
  const { place } = node
  const schema = objectIn(node, `${quoted(name)} in "data" of screen ${quoted(screen)}`, reading)
  if (!schema) return { place, type: UNKNOWN }
  const type = readType(schema, `data ${quoted(name)} of screen ${quoted(screen)}`, reading)
  const exampleNode = member(schema, '__example__')
  if (!exampleNode) {
    reading.findings.note(
      place,
      () => `data ${quoted(name)} of screen ${quoted(screen)} has no "__example__", which Meta asks for`,
    )
    return { place, type }
  }
  const example = plain(exampleNode)
  if (!fits(typeOf(example), type))
    reading.findings.note(
      exampleNode.place,
      () => `the "__example__" of data ${quoted(name)} is no ${typeName(type)} such as its "type" asks for`,
    )
  return { place, type, example }
}

/** `unknown` where the schema does not say. */
function readType(schema: ObjectNode, what: string, reading: Reading): ValueType {
  const node = member(schema, 'type')
  if (!node) {
    reading.findings.mistake(schema.place, () => `${what} has no "type"; it is one of ${TYPES.join(', ')}`)
    return UNKNOWN
  }
  const type = textIn(node, `"type" of ${what}`, reading)
  if (type === undefined) return UNKNOWN
  if (type === 'string') return STRING
  if (type === 'boolean') return BOOLEAN
  if (type === 'number' || type === 'integer') return NUMBER
  if (type === 'array') return listOf(readInner(member(schema, 'items'), `the items of ${what}`, reading))
  if (type === 'object') return objectOf(readProperties(member(schema, 'properties'), what, reading))
  const { findings, version } = reading
  const tell = isNewerThanKnown(version) ? findings.note : findings.mistake
  tell(
    node.place,
    () => `${what} has the type ${quoted(type)}; it is one of ${TYPES.join(', ')}${nearest(type, TYPES)}`,
  )
  return UNKNOWN
}

function readInner(node: JsonNode | undefined, what: string, reading: Reading): ValueType {
  // Some write the schema of items as a list of one.
  const only = node?.kind === 'list' ? listIn(node, what, reading)[0] : node
  const schema = only && objectIn(only, what, reading)
  return schema ? readType(schema, what, reading) : UNKNOWN
}

function readProperties(node: JsonNode | undefined, what: string, reading: Reading): [string, ValueType][] {
  const object = node && objectIn(node, `"properties" of ${what}`, reading)
  if (!object) return []
  return [...object.members].map(([name, { value }]) => [name, readInner(value, `${quoted(name)} in ${what}`, reading)])
}
