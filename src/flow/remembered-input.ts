// How much of what people submit a session remembers. Whatever is sent, a session takes bounded memory.

import { approximateSize } from '../lib/approximate-size.ts'
import type { Json, JsonObject } from '../lib/json.ts'

/** In bytes, as `weightOf` reckons them: of one value, of all values of a session, of all data that led to its screens. */
const VALUE_BYTES = 32 * 1024
const SESSION_BYTES = 128 * 1024
export const PATH_BYTES = 128 * 1024

/** Fields of a session. */
const MOST_NAMES = 500

/** What a property of an object takes besides its name and value, about. */
const PROPERTY_BYTES = 32

export type RememberedInput = {
  readonly inputs: JsonObject
  /** How many fields did not fit. */
  readonly left: number
}

/** The values of a session after this submission. The newest come first where not all of them fit. */
export function remember(before: JsonObject, submitted: JsonObject): RememberedInput {
  const all = { ...before, ...submitted }
  const fitting = new Set<string>()
  let room = SESSION_BYTES
  const take = (input: JsonObject) => {
    for (const name in input) {
      if (fitting.size >= MOST_NAMES) return
      if (fitting.has(name)) continue
      const weight = weightOf(all[name] as Json, VALUE_BYTES) + 2 * name.length + PROPERTY_BYTES
      if (weight > VALUE_BYTES || weight > room) continue
      room -= weight
      fitting.add(name)
    }
  }
  take(submitted)
  take(before)
  const names = Object.keys(all)
  if (fitting.size === names.length) return { inputs: all, left: 0 }
  const kept = names.filter((name) => fitting.has(name)).map((name) => [name, all[name] as Json] as const)
  return { inputs: Object.fromEntries(kept), left: names.length - fitting.size }
}

/** About the bytes that a value takes in memory. Ends soon after `limit`, however large the value is. */
export const weightOf = (value: Json, limit = Number.POSITIVE_INFINITY): number => 2 * approximateSize(value, limit / 2)
