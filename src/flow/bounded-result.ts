// What of an expression's result is data, and not more of it than a screen can take.

import type { Json } from '../lib/json.ts'
import { TOO_LARGE } from './expression-error.ts'

export type Bounds = {
  /** Characters of all texts and names, and of each value as much again as it takes to write it, about. */
  readonly characters: number
  readonly values: number
}

/** Deeper than any screen shows. Everything that walks a reply is recursive. */
const MAX_DEPTH = 64

/**
 * What JSON can hold of a result; undefined where that is nothing. JSONata can also give functions, and numbers such as
 * Infinity. Throws when it is too large; what is met twice counts twice, as it will be written twice.
 */
export function dataOf(result: unknown, { characters, values }: Bounds): Json | undefined {
  let charactersLeft = characters
  let valuesLeft = values
  const count = (length: number) => {
    charactersLeft -= length
    valuesLeft--
    if (charactersLeft < 0 || valuesLeft < 0) throw { code: TOO_LARGE }
  }

  const walk = (value: unknown, depth: number): Json | undefined => {
    if (depth > MAX_DEPTH) throw { code: TOO_LARGE }
    count(typeof value === 'string' ? value.length : 1)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
    if (typeof value !== 'object' || '_jsonata_function' in value || '_jsonata_lambda' in value) return undefined
    if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1)).filter((item) => item !== undefined)
    const entries = Object.entries(value).map(([key, item]) => {
      charactersLeft -= key.length
      return [key, walk(item, depth + 1)] as const
    })
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined))
  }
  return walk(result, 0)
}
