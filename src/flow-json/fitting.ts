// Data that is about to be sent, held against what a screen declares. A phone refuses a screen whose data does not fit.

import { isObject, type Json, type JsonObject, own } from '../lib/json.ts'
import type { DataProperty, ValueType } from './flow-json.ts'
import { typeName, typeOf } from './value-type.ts'

export type Misfit = {
  /** Names only, such as `slots.title`; the items of a list are not told apart. */
  readonly path: string
  readonly message: string
}

/** `value`: what a phone takes of it; undefined where it takes nothing. */
export type Fitted = { readonly value: Json | undefined; readonly misfits: readonly Misfit[] }

/** Whether a phone takes each property that is declared as it is. Makes nothing, as it stands in the way of every reply. */
export function fitsAll(declared: ReadonlyMap<string, DataProperty>, data: JsonObject): boolean {
  for (const [name, { type }] of declared) if (!isTaken(type, own(data, name))) return false
  return true
}

/** Whether a phone takes it as it is. */
export function isTaken(type: ValueType, value: Json | undefined): boolean {
  if (isAbsent(value)) return false
  if (type.type === 'unknown') return true
  if (type.type === 'array') {
    if (!Array.isArray(value)) return false
    for (const item of value) if (!isTaken(type.items, item)) return false
    return true
  }
  if (type.type !== 'object') return typeof value === type.type
  if (!isObject(value)) return false
  for (const [name, inner] of type.properties) {
    const part = own(value, name)
    if (isAbsent(part) ? NEEDED.has(name) : !isTaken(inner, part)) return false
  }
  return true
}

/** Without these an option is none; anything else within an object may be missing, as in many examples. */
export const NEEDED: ReadonlySet<string> = new Set(['id', 'title', 'main-content'])

const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null

/**
 * Makes a value fit where nothing is lost by it: a single value where a list is declared becomes a list of it, a number and the text
 * that writes it become each other. What does not fit is left out, of lists and objects only that part.
 */
export function fitted(type: ValueType, value: Json | undefined, path: string): Fitted {
  const misfits: Misfits = new Map()
  const found = fit(type, value, path, misfits)
  return { value: found, misfits: [...misfits.values()] }
}

/** By path; of many alike, one is told. */
type Misfits = Map<string, Misfit>

function fit(type: ValueType, value: Json | undefined, path: string, misfits: Misfits): Json | undefined {
  if (value === undefined || value === null) return misfit('is missing', type, path, misfits)
  if (type.type === 'unknown') return value
  if (type.type === 'array') return fitList(type, value, path, misfits)
  if (type.type === 'object' && isObject(value)) return fitObject(type.properties, value, path, misfits)
  if (typeof value === type.type && !isObject(value)) return value
  return converted(type, value) ?? misfit(`is ${typeName(typeOf(value))}`, type, path, misfits)
}

function fitList(list: ValueType & { readonly type: 'array' }, value: Json, path: string, misfits: Misfits) {
  const items = (Array.isArray(value) ? value : [value]) as readonly Json[]
  const found = items.map((item) => fit(list.items, item, path, misfits)).filter((item) => item !== undefined)
  return Array.isArray(value) || found.length > 0 ? found : undefined
}

/** Nothing, if a part is missing that it needs. */
function fitObject(properties: ReadonlyMap<string, ValueType>, value: JsonObject, path: string, misfits: Misfits) {
  const parts = [...properties].flatMap(([name, inner]): [string, Json | undefined][] => {
    const given = own(value, name)
    return isAbsent(given) && !NEEDED.has(name) ? [] : [[name, fit(inner, given, `${path}.${name}`, misfits)]]
  })
  if (parts.some(([name, part]) => part === undefined && NEEDED.has(name))) return undefined
  const others = Object.entries(value).filter(([name]) => !properties.has(name))
  return Object.fromEntries([...others, ...parts.filter((part): part is [string, Json] => part[1] !== undefined)])
}

function misfit(what: string, type: ValueType, path: string, misfits: Misfits): undefined {
  if (!misfits.has(path))
    misfits.set(path, { path, message: `${path} ${what}; the Flow JSON declares it as ${typeName(type)}` })
}

function converted({ type }: ValueType, value: Json): Json | undefined {
  if (type === 'string' && typeof value === 'number') return String(value)
  if (type !== 'number' || typeof value !== 'string') return undefined
  const number = Number(value)
  return Number.isFinite(number) && String(number) === value ? number : undefined
}
