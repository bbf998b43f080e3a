// Values as they stand in components and payloads: constants, references, expressions. By Meta's "Flow JSON", dynamic properties
// and nested expressions.

import type { Json } from '../lib/json.ts'
import { quoted } from './findings.ts'
import type { Place, Reference, Value } from './flow-json.ts'
import { type JsonNode, plain } from './json-tree.ts'
import type { Reading } from './reading.ts'

const WHOLE = /^\s*\$\{([^{}]*)\}\s*$/
const EACH = /\$\{([^{}]*)\}/g

/** `${form.x}`, `${data.x}`, or one of these of another screen. Undefined for anything else. */
export function parseReference(inner: string): Reference | undefined {
  const text = inner.trim()
  const [, own, ownName] = /^(form|data)\.(.+)$/s.exec(text) ?? []
  if (ownName !== undefined) return { to: own === 'form' ? 'form' : 'data', name: ownName }
  const [, screen, to, name] = /^screen\.([^.]+)\.(form|data)\.(.+)$/s.exec(text) ?? []
  return name === undefined || screen === undefined ? undefined : { to: to === 'form' ? 'form' : 'data', screen, name }
}

/** References in it are noted in `reading`. */
export function readValue(node: JsonNode, reading: Reading): Value {
  const { place } = node
  if (node.kind === 'scalar')
    return typeof node.value === 'string' ? readText(node.value, place, reading) : constant(place, node.value)
  if (node.kind === 'list') {
    const items = node.items.map((item) => readValue(item, reading))
    return items.every(isConstant) ? constant(place, plain(node)) : { kind: 'list', items, place }
  }
  const entries = new Map([...node.members].map(([name, { value }]) => [name, readValue(value, reading)] as const))
  return [...entries.values()].every(isConstant) ? constant(place, plain(node)) : { kind: 'object', entries, place }
}

/** An expression with or without backticks. */
export function readCondition(node: JsonNode, reading: Reading): Value {
  const { place } = node
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return readValue(node, reading)
  const references = referencesIn(node.value, place, reading)
  return { kind: 'expression', text: withoutBackticks(node.value), references, place }
}

const withoutBackticks = (text: string): string => /^\s*`(.*)`\s*$/s.exec(text)?.[1] ?? text

function readText(text: string, place: Place, reading: Reading): Value {
  const whole = WHOLE.exec(text)
  if (whole) {
    const reference = noteReference(whole[1] ?? '', place, reading)
    return reference ? { kind: 'reference', ...reference, place } : constant(place, text)
  }
  const isExpression = /^\s*`.*`\s*$/s.test(text)
  if (!isExpression && !text.includes('${')) return constant(place, text)
  const references = referencesIn(text, place, reading)
  if (!isExpression && references.length > 0)
    reading.findings.note(
      place,
      () =>
        `${quoted(text)} mixes text with a reference; since version 6.0 that is written in backticks, as in \`'Hello ' \${form.name}\``,
    )
  return isExpression || references.length > 0
    ? { kind: 'expression', text: withoutBackticks(text), references, place }
    : constant(place, text)
}

const referencesIn = (text: string, place: Place, reading: Reading): readonly Reference[] =>
  [...text.matchAll(EACH)].flatMap(([, inner = '']) => noteReference(inner, place, reading) ?? [])

function noteReference(inner: string, place: Place, { findings, references }: Reading): Reference | undefined {
  const reference = parseReference(inner)
  if (reference) references.push({ place, reference })
  else findings.mistake(place, () => `${quoted(`\${${inner}}`)} refers to nothing; ${hint(inner)}`)
  return reference
}

function hint(inner: string): string {
  const [, screen, name] = /^\s*screen\.([^.]+)\.([^.]+)$/.exec(inner) ?? []
  return screen !== undefined && name !== undefined
    ? `is ${quoted(`\${screen.${screen}.form.${name.trim()}}`)} meant?`
    : 'it must begin with form., data. or, of another screen, screen.SCREEN.form. or screen.SCREEN.data.'
}

const constant = (place: Place, value: Json): Value => ({ kind: 'constant', value, place })

const isConstant = (value: Value): boolean => value.kind === 'constant'
