// The objects that an expression makes, by the names in them.

import jsonata from 'jsonata'

/** Only those whose names stand there; not those that `$merge` puts together with others. */
export function objectsMadeBy(text: string): readonly (readonly string[])[] {
  const found: (readonly string[])[] = []
  walk(jsonata(text).ast(), found)
  return found
}

type Part = { readonly [key: string]: unknown }

function walk(value: unknown, found: (readonly string[])[]): void {
  if (Array.isArray(value)) for (const each of value) walk(each, found)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const part = value as Part
  if (part.type === 'function' && (part.procedure as Part).value === 'merge') return
  const entries = entriesOf(part)
  if (entries) {
    const names = entries.map(([key]) => key)
    if (names.every(({ type }) => type === 'string')) found.push(names.map((name) => String(name.value)))
  }
  for (const child of Object.values(part)) walk(child, found)
}

/** Of `{ … }`, also behind a path. */
function entriesOf({ type, value, lhs, group }: Part): readonly (readonly [Part, Part])[] | undefined {
  const pairs = type === 'unary' && value === '{' ? lhs : (group as Part | undefined)?.lhs
  return Array.isArray(pairs) ? (pairs as (readonly [Part, Part])[]) : undefined
}
