import type { Json, JsonObject } from '../lib/json.ts'

/** The ids of all options in a screen's data. Options are lists of objects with an `id`, as in Meta's components. */
export const optionsIn = (data: JsonObject): string[] => Object.values(data).flatMap(idsIn)

function idsIn(value: Json): string[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, MAX_OPTIONS).flatMap((item: Json) => {
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined
    return typeof id === 'string' || typeof id === 'number' ? [String(id)] : []
  })
}

/** Meta's longest list has 200. */
const MAX_OPTIONS = 1_000
