// What is left of a flow when the parts that do not fit its schema are taken out, so that the rest can be checked all the same.

import type { z } from 'zod'

type Issue = { readonly path: readonly PropertyKey[]; readonly code: string; readonly keys?: readonly string[] }

/** Whole screens stay in any case: without them every mention of theirs would look like a mistake. */
const SHALLOWEST = 3

/** Taking out a part can make the part around it misshapen, and so on outwards; deeper than this nothing is nested. */
const MAX_PASSES = 6

/** The parsed remainder, or undefined when what is wrong cannot be taken out. */
export function wellShapedPart<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const rest: unknown = structuredClone(value)
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const parsed = schema.safeParse(rest)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues as readonly Issue[]) {
      const paths = issue.keys ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
      for (const path of paths) if (!takeOut(rest, path)) return undefined
    }
  }
  return undefined
}

/** Removes the part at the path, or the part around it where there is nothing at the path. False when it must stay. */
function takeOut(whole: unknown, path: readonly PropertyKey[]): boolean {
  const key = path.at(-1)
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((part, step) => (part as { [key: PropertyKey]: unknown })?.[step], whole)
  if (key === undefined) return false
  if (typeof holder !== 'object' || holder === null || !(key in holder)) return takeOut(whole, path.slice(0, -1))
  // A list with a part taken out would say something else.
  if (Array.isArray(holder)) return takeOut(whole, path.slice(0, -1))
  if (path.length < SHALLOWEST && !(path.length === 1 && OPTIONAL.has(key))) return false
  return Reflect.deleteProperty(holder, key)
}

const OPTIONAL: ReadonlySet<PropertyKey> = new Set(['trigger', 'sequence', 'funnel', 'tokens', 'failure_message'])
