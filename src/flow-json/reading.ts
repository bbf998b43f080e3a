// What the readers of the parts of a Flow JSON share: where findings go, and what is resolved when all screens are known.

import { type Findings, nearest, quoted } from './findings.ts'
import type { Place, Reference } from './flow-json.ts'
import { type JsonNode, member, type ObjectNode, plain } from './json-tree.ts'

export type Reading = {
  readonly findings: Findings
  /** Such as 7.3 as 703. */
  readonly version: number
  /** References of one screen, to be held against all screens. */
  readonly references: FoundReference[]
}

export type FoundReference = { readonly place: Place; readonly reference: Reference }

/** The object, or a mistake that names `what` it should be. */
export function objectIn(node: JsonNode, what: string, { findings }: Reading): ObjectNode | undefined {
  if (node.kind === 'object') return node
  findings.mistake(node.place, () => `${what} must be an object, but is ${described(node)}`)
  return undefined
}

export function listIn(node: JsonNode | undefined, what: string, { findings }: Reading): readonly JsonNode[] {
  if (node === undefined) return []
  if (node.kind === 'list') return node.items
  findings.mistake(node.place, () => `${what} must be a list, but is ${described(node)}`)
  return []
}

/** Undefined if it is not there; a mistake if it is no text or an empty one. */
export function textIn(node: JsonNode | undefined, what: string, { findings }: Reading): string | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') return node.value
  findings.mistake(node.place, () => `${what} must be a text, but is ${described(node)}`)
  return undefined
}

export function booleanIn(node: JsonNode | undefined, what: string, { findings }: Reading): boolean | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value
  findings.mistake(node.place, () => `${what} must be true or false, but is ${described(node)}`)
  return undefined
}

/** The text of a property that must be there. */
export function requiredText(object: ObjectNode, name: string, owner: string, reading: Reading): string | undefined {
  const node = member(object, name)
  if (node === undefined) reading.findings.mistake(object.place, () => `${owner} has no ${JSON.stringify(name)}`)
  return textIn(node, `${JSON.stringify(name)} of ${owner}`, reading)
}

/** A note for each property that is not among the known ones. */
export function noteUnknown(object: ObjectNode, known: Iterable<string>, owner: string, { findings }: Reading): void {
  const names = new Set(known)
  for (const [name, { place }] of object.members) {
    if (names.has(name)) continue
    findings.note(place, () => `${owner} has ${quoted(name)}, which is not known here${nearest(name, names)}`)
  }
}

/** As a reader would call it: `a list`, `the text "abc"`, `null`. */
export function described(node: JsonNode): string {
  if (node.kind === 'list') return 'a list'
  if (node.kind === 'object') return 'an object'
  if (typeof node.value === 'string') return node.value === '' ? 'an empty text' : `the text ${quoted(node.value)}`
  return typeof node.value === 'number' ? `the number ${node.value}` : String(plain(node))
}
