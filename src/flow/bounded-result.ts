// The part of an expression's result that JSON can hold, within bounds.

import { isMadeByJsonata } from '../lib/approximate-size.ts'
import type { Json } from '../lib/json.ts'
import { TOO_LARGE } from './expression-error.ts'

export type Bounds = {
  /** Of all texts and names, and about what it takes to write each value. */
  readonly characters: number
  readonly values: number
}

/** Deeper than any screen nests. Whatever walks a reply is recursive. */
const MAX_DEPTH = 64

/** Drops functions and numbers such as Infinity; undefined if nothing is left. Throws if too large; a repeated value counts twice. */
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
    if (typeof value !== 'object' || isMadeByJsonata(value)) return undefined
    if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1)).filter((item) => item !== undefined)
    const entries = Object.entries(value).map(([key, item]) => {
      charactersLeft -= key.length
      return [key, walk(item, depth + 1)] as const
    })
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined))
  }
  return walk(result, 0)
}
