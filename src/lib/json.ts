// What JSON can hold, and one spelling for equal values.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Undefined if the text is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The same of what others send, for expressions to see: without the names by which JSONata would take an object for a function. */
export function parseData(text: string): Json | undefined {
  const parsed = parseJson(text)
  return parsed !== undefined && MAY_HAVE_RESERVED.test(text) ? withoutReserved(parsed) : parsed
}

const RESERVED: ReadonlySet<string> = new Set(['_jsonata_lambda', '_jsonata_function'])
/** Also where letters of it are written as escapes. */
const MAY_HAVE_RESERVED = /_jsonata_|\\u00[567]/

function withoutReserved(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutReserved)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([name]) => !RESERVED.has(name))
  return Object.fromEntries(members.map(([name, item]) => [name, withoutReserved(item)]))
}

/** The object's own property: names from outside can be `constructor`, too. */
export const own = <T>(object: { readonly [key: string]: T }, key: string): T | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined

/** Nothing was entered: absent, null, empty text or an empty list. */
export const isMissing = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** One text for equal values: object keys sorted, no white space. Two payloads are "the same data" when these are equal. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/** Without parsing. All that walks a payload is recursive, so a text that passes cannot exhaust the stack later. */
export const nestsDeeperThan = (limit: number, text: string): boolean => extentOf(text, limit).depth > limit

/** `depth`: nested brackets. `values`: an upper bound of the values, nested ones included. */
export type Extent = { readonly depth: number; readonly values: number }

/** Without parsing, so that too large a text costs nothing more. Stops below `deepest`. */
export function extentOf(text: string, deepest: number): Extent {
  let depth = 0
  let deep = 0
  let values = 1
  for (let at = 0; at < text.length && deep <= deepest; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === COMMA) values++
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      values++
      deep = Math.max(deep, ++depth)
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
  }
  return { depth: deep, values }
}

/**
 * The members of the object that the text writes, each as its own text, by their names as JSON; the last of equal names. Only those
 * that are wanted, and nothing is parsed for it: a million little values cost a walk over their letters. Undefined when the text
 * is no object; what is wrong within a member shows when that is parsed.
 */
export function membersOf(text: string, wanted: ReadonlySet<string>): Map<string, string> | undefined {
  const start = afterSpace(text, 0)
  if (text.charCodeAt(start) !== OPEN_BRACE) return undefined
  const members = new Map<string, string>()
  for (let at = afterSpace(text, start + 1); text.charCodeAt(at) === QUOTE; at = afterSpace(text, at + 1)) {
    const name = text.slice(at, endOfString(text, at) + 1)
    const colon = afterSpace(text, at + name.length)
    at = endOfValue(text, colon + 1)
    if (wanted.has(name)) members.set(name, text.slice(colon + 1, at))
  }
  return members
}

/** Where the value that begins here has the comma or bracket after it. */
function endOfValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++
    else if (depth === 0 && (code === COMMA || code === CLOSE_BRACE)) return at
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--
  }
  return text.length
}

function afterSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && text.charCodeAt(at) <= SPACE) at++
  return at
}

/** Where the string that begins here has its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
