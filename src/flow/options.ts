// The options that people choose from: lists of objects with an `id`, as Meta's components take them.

import type { Json, JsonObject } from '../lib/json.ts'

/** The ids of all options in the data of a screen, as texts. */
export const optionsIn = (data: JsonObject): string[] => Object.values(data).flatMap(idsIn)

function idsIn(value: Json): string[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, MOST_OPTIONS).flatMap((item: Json) => {
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined
    return typeof id === 'string' || typeof id === 'number' ? [String(id)] : []
  })
}

/** Meta's longest list has 200. */
const MOST_OPTIONS = 1_000
