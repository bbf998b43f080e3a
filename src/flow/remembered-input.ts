// Bounds what a session remembers of submitted data.

import { approximateSize } from '../lib/approximate-size.ts'
import type { Json, JsonObject } from '../lib/json.ts'

/** By `weightOf`: of one value, of all values of a session, of all data that its screens were sent with. */
const VALUE_BYTES = 32 * 1024
const SESSION_BYTES = 128 * 1024
export const SENT_BYTES = 128 * 1024

/** Fields of a session. */
export const MAX_FIELDS = 500

/** About what a property takes besides its name and value. */
const PROPERTY_BYTES = 32

/** The values of a session after this submission; if not all fit, the newest first. `dropped`: how many did not fit. */
export function remember(before: JsonObject, submitted: JsonObject): { inputs: JsonObject; dropped: number } {
  const all = { ...before, ...submitted }
  const fitting = new Set<string>()
  let room = SESSION_BYTES
  const take = (input: JsonObject) => {
    for (const name in input) {
      if (fitting.size >= MAX_FIELDS) return
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
  if (fitting.size === names.length) return { inputs: all, dropped: 0 }
  const kept = names.filter((name) => fitting.has(name)).map((name) => [name, all[name] as Json] as const)
  return { inputs: Object.fromEntries(kept), dropped: names.length - fitting.size }
}

/** About the bytes of a value in memory. Stops counting soon after `limit`. */
export const weightOf = (value: Json, limit = Number.POSITIVE_INFINITY): number => 2 * approximateSize(value, limit / 2)
