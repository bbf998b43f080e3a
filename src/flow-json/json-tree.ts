// The JSON of a file as a tree in which each value knows its place.

import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'
import { extentOf, type Json } from '../lib/json.ts'
import { type Findings, quoted } from './findings.ts'
import type { Place } from './flow-json.ts'

/** Meta takes Flow JSONs of at most 10 MB. */
const MOST_BYTES = 10 * 1024 * 1024
/** All that reads the tree is recursive, and a screen of nested branches and examples needs about 20. */
const DEEPEST = 100
/** A flow of 100 screens with 50 components each has some 100,000. */
const MOST_VALUES = 200_000

export type JsonNode = {
  readonly place: Place
  /** In UTF-16 units, as is the end. */
  readonly offset: number
  readonly end: number
} & (
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Member> }
  | { readonly kind: 'list'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
)

export type ObjectNode = Extract<JsonNode, { readonly kind: 'object' }>

/** A name and its value in an object, from the quote of the name. */
export type Member = { readonly place: Place; readonly offset: number; readonly value: JsonNode }

/** Undefined if the text is too large or not JSON, which the findings then say; also that a name stands twice in an object. */
export function readJson(text: string, findings: Findings): JsonNode | undefined {
  const tooLarge = sizeMistake(text)
  if (tooLarge !== undefined) {
    findings.mistake({ line: 1, column: 1 }, () => tooLarge)
    return undefined
  }
  const builder = createBuilder(findings)
  try {
    // Editors on Windows may begin a file with this mark.
    visit(text.replace(/^\uFEFF/, ' '), builder.visitor, { disallowComments: true })
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
  return builder.root()
}

export const member = (object: ObjectNode, name: string): JsonNode | undefined => object.members.get(name)?.value

/** The plain value. */
export function plain(node: JsonNode): Json {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plain)
  return Object.fromEntries([...node.members].map(([name, member]) => [name, plain(member.value)]))
}

function sizeMistake(text: string): string | undefined {
  const bytes = Buffer.byteLength(text)
  if (bytes > MOST_BYTES)
    return `the file has ${megabytes(bytes)} MB; Meta takes a Flow JSON of at most ${megabytes(MOST_BYTES)} MB`
  const { depth, values } = extentOf(text, DEEPEST)
  if (depth > DEEPEST) return `the file nests lists and objects more than ${DEEPEST} deep, which no Flow JSON needs`
  if (values > MOST_VALUES)
    return `the file has more than ${MOST_VALUES.toLocaleString('en')} values, which no Flow JSON needs`
  return undefined
}

/** Rounded up, so that what is too much does not look like the limit. */
const megabytes = (bytes: number): string => String(Math.ceil((bytes / 1024 / 1024) * 10) / 10)

/** Ends the visit: what follows the first mistake is guesswork, and how deep it nests was not counted. */
class NotJson extends Error {}

/** An object or list that has not ended yet. */
type Open = { readonly add: (node: JsonNode) => void; readonly close: (end: number) => void }

function createBuilder(findings: Findings) {
  const open: Open[] = []
  let root: JsonNode | undefined
  let name: { readonly text: string; readonly place: Place; readonly offset: number } | undefined

  const add = (node: JsonNode) => {
    const around = open.at(-1)
    if (around) around.add(node)
    else root = node
  }
  const begin = (node: JsonNode & { end: number }, addTo: Open['add']) => {
    add(node)
    const close: Open['close'] = (end) => {
      node.end = end
    }
    open.push({ add: addTo, close })
  }
  const end = (offset: number, length: number) => open.pop()?.close(offset + length)

  const visitor = {
    onObjectBegin: (offset: number, _length: number, line: number, character: number) => {
      const members = new Map<string, Member>()
      begin({ kind: 'object', members, place: placeOf(line, character), offset, end: offset }, (value) => {
        if (!name) return
        const { text, ...start } = name
        if (members.has(text))
          findings.mistake(
            start.place,
            () => `${quoted(text)} stands twice in this object; only one of them would count`,
          )
        members.set(text, { ...start, value })
      })
    },
    onObjectProperty: (text: string, offset: number, _length: number, line: number, character: number) => {
      name = { text, place: placeOf(line, character), offset }
    },
    onObjectEnd: end,
    onArrayBegin: (offset: number, _length: number, line: number, character: number) => {
      const items: JsonNode[] = []
      begin({ kind: 'list', items, place: placeOf(line, character), offset, end: offset }, (item) => items.push(item))
    },
    onArrayEnd: end,
    onLiteralValue: (
      value: string | number | boolean | null,
      offset: number,
      length: number,
      line: number,
      character: number,
    ) => add({ kind: 'scalar', value, place: placeOf(line, character), offset, end: offset + length }),
    onError: (code: ParseErrorCode, _offset: number, _length: number, line: number, character: number) => {
      findings.mistake(placeOf(line, character), () => sentenceOf(code))
      throw new NotJson()
    },
  }
  return { visitor, root: () => root }
}

const placeOf = (line: number, character: number): Place => ({ line: line + 1, column: character + 1 })

const sentenceOf = (code: ParseErrorCode): string =>
  `the file is not JSON from here on: ${SENTENCES[printParseErrorCode(code)] ?? 'this cannot stand here'}`

const SENTENCES: { readonly [code: string]: string } = {
  InvalidNumberFormat: 'this number is not written as JSON writes numbers',
  PropertyNameExpected: 'a name in double quotes is expected; a comma before } is one too many',
  ValueExpected: 'a value is expected; a comma before ] is one too many',
  ColonExpected: 'a colon is expected after the name',
  CommaExpected: 'a comma is expected before this',
  CloseBraceExpected: 'a } is expected',
  CloseBracketExpected: 'a ] is expected',
  EndOfFileExpected: 'the JSON has ended before this',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'this text has no closing quote',
  UnexpectedEndOfNumber: 'this number is not complete',
  InvalidUnicode: 'four hexadecimal digits are expected after \\u',
  InvalidEscapeCharacter: 'no such letter can follow a backslash',
  InvalidCharacter: 'a line break or another control character must be written as in \\n',
}
