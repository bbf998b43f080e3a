// Finds functions and variables in expressions that nothing makes: $papend for $append.

import jsonata from 'jsonata'
import { own } from '../lib/json.ts'
import { plural } from '../lib/plural.ts'
import { suggest } from '../lib/suggest.ts'
import { BUILT_INS, each } from './built-in-limits.ts'
import type { KeyPath, ReportProblem } from './compile-field.ts'
import { type Expression, SCOPE_NAMES } from './expression.ts'

/** To use a variable that is not there is to use nothing, which may be meant; to call it never is. */
export function checkVariables(path: KeyPath, { text }: Expression, report: ReportProblem): void {
  const found = variablesIn(text)
  for (const { name, values } of found.called)
    if (!found.bound.has(name)) checkCount(name, values, (message) => report(path, message))
  const known = [...Object.keys(BUILT_INS), ...SCOPE_NAMES, ...found.bound]
  for (const name of found.used) {
    if (known.includes(name)) continue
    const near = suggest(name, known)
    if (near !== undefined) report(path, `there is no $${name}; did you mean $${near}?`)
    else if (found.called.some((each) => each.name === name))
      report(path, `there is no function $${name}; https://docs.jsonata.org lists those that there are`)
  }
}

/** The variables that the expression makes itself. */
export const boundIn = (text: string): ReadonlySet<string> => variablesIn(text).bound

function variablesIn(text: string): Found {
  const found: Found = { used: new Set(), called: [], bound: new Set() }
  walk(jsonata(text).ast(), found)
  return found
}

type Called = { readonly name: string; readonly values: number }
type Found = { readonly used: Set<string>; readonly called: Called[]; readonly bound: Set<string> }

/** Wherever a variable is made, it is one everywhere: what is told is never wrong. */
function walk(value: unknown, found: Found): void {
  if (Array.isArray(value)) for (const each of value) walk(each, found)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const part = value as { readonly [key: string]: unknown }
  for (const key of ['focus', 'index']) if (typeof part[key] === 'string') found.bound.add(part[key])
  // An index after a condition is a part of its own.
  if (part.type === 'index') found.bound.add(String(part.value))
  if (part.type === 'bind') bind(part.lhs, found)
  if (part.type === 'lambda') for (const argument of part.arguments as readonly unknown[]) bind(argument, found)
  const { value: name } = part
  if (part.type === 'function') call(part, 0, found)
  // What stands before ~> is the first of the values.
  if (part.type === 'apply' && isCall(part.rhs)) {
    call(part.rhs, 1, found)
    walk([part.lhs, part.rhs.arguments, part.rhs.procedure], found)
    return
  }
  // $ is the entry, $$ the whole.
  if (part.type === 'variable' && typeof name === 'string' && !['', '$'].includes(name)) found.used.add(name)
  for (const child of Object.values(part)) walk(child, found)
}

type Part = { readonly [key: string]: unknown }

const isCall = (part: unknown): part is Part => (part as Part).type === 'function'

function call({ procedure, arguments: values }: Part, before: number, { called }: Found): void {
  const { value } = procedure as Part
  if (typeof value === 'string') called.push({ name: value, values: (values as readonly unknown[]).length + before })
}

function bind(part: unknown, { bound }: Found): void {
  const { type, value } = part as { readonly type?: unknown; readonly value?: unknown }
  if (type === 'variable' && typeof value === 'string') bound.add(value)
}

function checkCount(name: string, found: number, report: (message: string) => void): void {
  const [least, most] = own(COUNTS, name) ?? [0, Number.POSITIVE_INFINITY]
  if (found >= least && found <= most) return
  const bound = least === most ? '' : found < least ? ' at least' : ' at most'
  report(`$${name} takes ${plural(found < least ? least : most, 'value')}${bound}, found ${found}`)
}

type Counted = readonly [least: number, most: number]

/** How many values each built-in of JSONata takes, by its documentation. Where the entry can stand for the first, it need not be given. */
const COUNTS: { readonly [name: string]: Counted } = {
  ...each('millis random', [0, 0]),
  ...each('average count distinct exists max merge min reverse shuffle sum type', [1, 1]),
  ...each(
    'abs base64decode base64encode boolean ceil clone decodeUrl decodeUrlComponent encodeUrl encodeUrlComponent',
    [0, 1],
  ),
  ...each('error floor keys length lowercase not number spread sqrt trim uppercase', [0, 1]),
  ...each('append filter map', [2, 2]),
  ...each('assert join single sort', [1, 2]),
  ...each('lookup', [1, 2]),
  ...each('contains each eval formatBase formatInteger now parseInteger power round sift string', [0, 2]),
  ...each('substringAfter substringBefore toMillis', [0, 2]),
  ...each('reduce', [2, 3]),
  ...each('formatNumber fromMillis match pad split substring', [0, 3]),
  ...each('replace', [0, 4]),
}
