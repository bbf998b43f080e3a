// Writes text that a pattern accepts: the common part of RE2's syntax, read once, written as often as needed.

import { between, pick, type Random } from './random.ts'

export type Writer = (random: Random) => string

/** Undefined if the pattern uses unknown syntax. The text is a guess: check it before use. */
export function patternWriter(pattern: string): Writer | undefined {
  const reader: PatternReader = { text: pattern, at: 0 }
  try {
    const writer = alternatives(reader)
    return reader.at === pattern.length ? writer : undefined
  } catch (error) {
    if (error instanceof Unknown) return undefined
    throw error
  }
}

class Unknown extends Error {}

type PatternReader = { readonly text: string; at: number }

/** How often something unbounded (`*`, `+`, `{2,}`) is repeated beyond its least. */
const MORE = 6
const DIGITS = '0123456789'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const LETTERS = LOWER + UPPER
const WORD = `${LETTERS}${DIGITS}_`
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')

const CLASSES: { readonly [name: string]: string } = {
  d: DIGITS,
  w: WORD,
  s: ' ',
  D: without(PRINTABLE, DIGITS),
  W: without(PRINTABLE, WORD),
  S: without(PRINTABLE, ' '),
}

const NAMED: { readonly [name: string]: string } = {
  alpha: LETTERS,
  digit: DIGITS,
  alnum: LETTERS + DIGITS,
  lower: LOWER,
  upper: UPPER,
  space: ' ',
  word: WORD,
  L: LETTERS,
  Lu: UPPER,
  Ll: LOWER,
  N: DIGITS,
  Nd: DIGITS,
}

function alternatives(reader: PatternReader): Writer {
  const branches = [sequence(reader)]
  while (take(reader, /\|/y)) branches.push(sequence(reader))
  return (random) => pick(random, branches)(random)
}

function sequence(reader: PatternReader): Writer {
  const parts: Writer[] = []
  while (reader.at < reader.text.length && !/[|)]/.test(reader.text[reader.at] as string)) parts.push(repeated(reader))
  return (random) => parts.map((part) => part(random)).join('')
}

function repeated(reader: PatternReader): Writer {
  const part = single(reader)
  const [, short, least, comma, most] = take(reader, /(?:([?*+])|\{(\d+)(?:(,)(\d*))?\})\??/y) ?? []
  if (short === undefined && least === undefined) return part

  const from = short ? (short === '+' ? 1 : 0) : Number(least)
  const to = short ? (short === '?' ? 1 : from + MORE) : most ? Number(most) : from + (comma ? MORE : 0)
  return (random) => Array.from({ length: between(random, from, to) }, () => part(random)).join('')
}

function single(reader: PatternReader): Writer {
  if (take(reader, /\^|\$|\\[AzbB]|\(\?[a-zA-Z]+\)/y)) return () => ''
  if (take(reader, /\((?:\?(?:[a-zA-Z]*:|P?<\w+>))?/y)) {
    const inside = alternatives(reader)
    if (!take(reader, /\)/y)) throw new Unknown()
    return inside
  }
  if (take(reader, /\[/y)) return oneOf(classMembers(reader))
  if (take(reader, /\./y)) return oneOf(PRINTABLE)
  return oneOf(member(reader))
}

const oneOf = (characters: string): Writer => {
  const list = [...characters]
  if (list.length === 0) throw new Unknown()
  return (random) => pick(random, list)
}

function classMembers(reader: PatternReader): string {
  const isNegated = take(reader, /\^/y) !== undefined
  let members = take(reader, /\]/y) ? ']' : ''
  while (!take(reader, /\]/y)) {
    const first = take(reader, /\[:(\w+):\]/y)
    if (first) {
      members += named(first[1])
      continue
    }
    const from = member(reader)
    members += take(reader, /-(?!\])/y) ? range(from, member(reader)) : from
  }
  return isNegated ? without(PRINTABLE, members) : members
}

/** One character, or all those an escape stands for. */
function member(reader: PatternReader): string {
  const property = take(reader, /\\p(?:\{(\w+)\}|([A-Z]))/y)
  if (property) return named(property[1] ?? property[2])
  const escaped = take(reader, /\\([\s\S])/y)?.[1]
  if (escaped !== undefined) {
    if (/[^a-zA-Z0-9]/.test(escaped)) return escaped
    const known = CLASSES[escaped]
    if (known === undefined) throw new Unknown()
    return known
  }
  const plain = take(reader, /[^\\]/uy)
  if (!plain) throw new Unknown()
  return plain[0]
}

function named(name: string | undefined): string {
  const members = NAMED[name ?? '']
  if (members === undefined) throw new Unknown()
  return members
}

function range(from: string, to: string): string {
  const [first, last] = [from.codePointAt(0) as number, to.codePointAt(0) as number]
  if ([...from].length !== 1 || [...to].length !== 1 || last < first || last - first > 0xffff) throw new Unknown()
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).join('')
}

function without(characters: string, excluded: string): string {
  return [...characters].filter((character) => !excluded.includes(character)).join('')
}

/** Reads what the sticky pattern matches here, and moves past it. */
function take(reader: PatternReader, what: RegExp): RegExpExecArray | undefined {
  what.lastIndex = reader.at
  const found = what.exec(reader.text) ?? undefined
  if (found) reader.at += found[0].length
  return found
}
