// Removes the invalid parts of a flow, so that the rest can be checked.

import type { z } from 'zod'
import { isObject } from '../lib/json.ts'

type Issue = { readonly path: readonly PropertyKey[]; readonly code: string; readonly keys?: readonly string[] }

/** Never removes whole screens: every reference to them would look like a mistake. */
const SHALLOWEST = 3

/** Removing a part can make the part around it invalid, and so on outwards. Nothing nests deeper than this. */
const MAX_PASSES = 6

/** Undefined if an invalid part cannot be removed. */
export function validPart<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const rest: unknown = structuredClone(value)
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const parsed = schema.safeParse(rest)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues as readonly Issue[]) {
      const paths = issue.keys ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
      for (const path of paths) if (!remove(rest, path)) return undefined
    }
  }
  return undefined
}

/** Removes the part at the path, or the part around it if the path leads nowhere. False if it must stay. */
function remove(whole: unknown, path: readonly PropertyKey[]): boolean {
  const key = path.at(-1)
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((part, step) => (part as { [key: PropertyKey]: unknown })?.[step], whole)
  if (key === undefined) return false
  // A list without one of its items would mean something else.
  if (!isObject(holder) || !(key in holder)) return remove(whole, path.slice(0, -1))
  if (path.length < SHALLOWEST && !(path.length === 1 && OPTIONAL.has(key))) return false
  return Reflect.deleteProperty(holder, key)
}

const OPTIONAL: ReadonlySet<PropertyKey> = new Set([
  'flow_json',
  'examples',
  'open',
  'trigger',
  'sequence',
  'funnel',
  'tokens',
  'messages',
  'failure_message',
])
