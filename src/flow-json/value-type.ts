// The types of Flow JSON: of constants, in words, and whether two go together.

import { isObject, type Json } from '../lib/json.ts'
import type { ValueType } from './flow-json.ts'

export const UNKNOWN: ValueType = { type: 'unknown' }
export const STRING: ValueType = { type: 'string' }
export const NUMBER: ValueType = { type: 'number' }
export const BOOLEAN: ValueType = { type: 'boolean' }

export const listOf = (items: ValueType): ValueType => ({ type: 'array', items })

export const objectOf = (properties: Iterable<readonly [string, ValueType]>): ValueType => ({
  type: 'object',
  properties: new Map(properties),
})

export function typeOf(value: Json | undefined): ValueType {
  if (typeof value === 'string') return STRING
  if (typeof value === 'number') return NUMBER
  if (typeof value === 'boolean') return BOOLEAN
  if (Array.isArray(value)) return listOf(commonType(value.map(typeOf)))
  return isObject(value) ? objectOf(Object.entries(value).map(([name, item]) => [name, typeOf(item)])) : UNKNOWN
}

/** What all are; where they differ, `unknown`. What is unknown of one is as the others have it. */
export function commonType(types: readonly ValueType[]): ValueType {
  return types.reduce(merge, UNKNOWN)
}

/** Whether a value of one type can stand where the other is expected; what is unknown can. */
export function fits(found: ValueType, expected: ValueType): boolean {
  if (found.type === 'unknown' || expected.type === 'unknown') return true
  if (found.type === 'array' && expected.type === 'array') return fits(found.items, expected.items)
  if (found.type === 'object' && expected.type === 'object')
    return [...expected.properties].every(([name, type]) => fits(found.properties.get(name) ?? UNKNOWN, type))
  return found.type === expected.type
}

/** Whether it can be the value of a calendar that takes a range. */
export const canBeRange = (type: ValueType): boolean =>
  type.type === 'object' &&
  (type.properties.size === 0 || (type.properties.has('start-date') && type.properties.has('end-date')))

/** `string`, `list of string`, `object`. */
export const typeName = (type: ValueType): string =>
  type.type !== 'array' ? type.type : type.items.type === 'unknown' ? 'list' : `list of ${typeName(type.items)}`

/** Stays, whatever else comes; what is only not known gives way. */
const DIFFERENT: ValueType = { type: 'unknown' }

function merge(a: ValueType, b: ValueType): ValueType {
  if (a === DIFFERENT || b === DIFFERENT) return DIFFERENT
  if (a.type === 'unknown') return b
  if (b.type === 'unknown') return a
  if (a.type === 'array' && b.type === 'array') return listOf(merge(a.items, b.items))
  if (a.type === 'object' && b.type === 'object') {
    const names = new Set([...a.properties.keys(), ...b.properties.keys()])
    return objectOf(
      [...names].map((name) => [name, merge(a.properties.get(name) ?? UNKNOWN, b.properties.get(name) ?? UNKNOWN)]),
    )
  }
  return a.type === b.type ? a : DIFFERENT
}
