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
  } else for (const [key, child] of Object.entries(part)) if (!BESIDE.has(key)) walk(resultOf(key, child), found)
}

/** Of `{ … }`, also behind a path. What stands within is a part of it. */
function entriesOf({ type, value, lhs, group }: Part): readonly (readonly [Part, Part])[] | undefined {
  const pairs = type === 'unary' && value === '{' ? lhs : (group as Part | undefined)?.lhs
  return Array.isArray(pairs) ? (pairs as (readonly [Part, Part])[]) : undefined
}

/** Conditions, what a list is sorted by, and what is put into objects that are there. */
const BESIDE: ReadonlySet<string> = new Set(['stages', 'predicate', 'condition', 'terms', 'update'])

/** Of the steps of a path the last, unless that only sorts: those before it make what the next is made of. */
const resultOf = (key: string, child: unknown): unknown =>
  key === 'steps' ? (child as readonly Part[]).findLast(({ type }) => type !== 'sort') : child
