// How data that is about to be sent differs from what a screen declares. A phone refuses a screen whose data does not fit.

import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import type { Screen, ValueType } from './flow-json.ts'
import { typeName, typeOf } from './value-type.ts'

export type Mismatch = {
  /** Such as `slots[2].title`. */
  readonly path: string
  readonly reason: 'missing' | 'type' | 'null' | 'undeclared'
  readonly message: string
}

/** More tell nothing new, and a reply of 1 MB can have a hundred thousand. */
const MOST = 50
/**
 * Within objects more may stand than is declared; on the top it is reported, as the phone makes nothing of it, but for
 * `error_message`, which any screen understands.
 */
export function mismatchesOf(screen: Screen, data: JsonObject): readonly Mismatch[] {
  const found: Mismatch[] = []
  const owner = `data of screen ${screen.id}`
  for (const [name, { type }] of screen.data)
    check(type, Object.hasOwn(data, name) ? data[name] : undefined, name, owner, found)
  for (const [name, value] of Object.entries(data)) {
    if (screen.data.has(name)) continue
    if (name !== 'error_message')
      found.push({ path: name, reason: 'undeclared', message: `${name} is not declared in the ${owner}` })
    findNull(value, name, found)
  }
  return found.slice(0, MOST)
}

function check(type: ValueType, value: Json | undefined, path: string, owner: string, found: Mismatch[]): void {
  if (found.length >= MOST) return
  const add = (reason: Mismatch['reason'], message: string) => found.push({ path, reason, message })
  if (value === undefined) add('missing', `${path} is missing, which the ${owner} declares as ${typeName(type)}`)
  else if (value === null)
    add('null', `${path} is null, which Flow JSON does not know; the ${owner} declares it as ${typeName(type)}`)
  else if (type.type === 'array' && Array.isArray(value))
    for (let index = 0; index < value.length && found.length < MOST; index++)
      check(type.items, value[index], `${path}[${index}]`, owner, found)
  else if (type.type === 'object' && isObject(value)) checkObject(type.properties, value, path, owner, found)
  else if (type.type === 'unknown') findNull(value, path, found)
  else if (typeOf(value).type !== type.type)
    add('type', `${path} is ${typeName(typeOf(value))}, but the ${owner} declares it as ${typeName(type)}`)
}

function checkObject(
  properties: ReadonlyMap<string, ValueType>,
  value: JsonObject,
  path: string,
  owner: string,
  found: Mismatch[],
): void {
  for (const [name, type] of properties)
    check(type, Object.hasOwn(value, name) ? value[name] : undefined, `${path}.${name}`, owner, found)
  for (const [name, item] of Object.entries(value)) if (!properties.has(name)) findNull(item, `${path}.${name}`, found)
}

/** Where nothing says what the value should be. */
function findNull(value: Json, path: string, found: Mismatch[]): void {
  if (found.length >= MOST) return
  if (value === null) found.push({ path, reason: 'null', message: `${path} is null, which Flow JSON does not know` })
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) findNull(item, `${path}[${index}]`, found)
  else if (isObject(value)) for (const [name, item] of Object.entries(value)) findNull(item, `${path}.${name}`, found)
}
