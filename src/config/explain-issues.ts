// Explains the schema's issues in sentences.

import type { z } from 'zod'
import { suggest } from '../lib/suggest.ts'
import { DURATION } from '../lib/units.ts'
import type { Interpolation } from './interpolate.ts'
import { configJsonSchema, type JsonSchema, schemaAt } from './json-schema.ts'
import { isDelicate } from './secrets.ts'
import type { YamlPath } from './yaml-document.ts'

/** A mistake at a value or at its key. */
export type SchemaFinding = { readonly path: YamlPath; readonly at: 'value' | 'key'; readonly message: string }

export type SchemaIssue = z.core.$ZodIssue

type ConfigValues = Pick<Interpolation, 'referenceAt'> & { readonly values: unknown }

/** Replaces zod's default messages by empty ones, so that any other message is ours. */
export const NO_DEFAULT_MESSAGES = { error: () => '' } as const

export function explain(issues: readonly SchemaIssue[], config: ConfigValues): SchemaFinding[] {
  const context = { ...config, schema: configJsonSchema() }
  return issues.flatMap(narrowUnion).flatMap((issue) => sentencesOf(issue, context))
}

type Context = ConfigValues & { readonly schema: JsonSchema }

/** Of a union, the issues of the one option whose type the value has. */
function narrowUnion(issue: SchemaIssue): SchemaIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const meant = issue.errors.filter((option) => !option.some(isOtherKind))
  if (meant.length !== 1) return [issue]
  return (meant[0] ?? []).flatMap((inner) => narrowUnion({ ...inner, path: [...issue.path, ...inner.path] }))
}

const isOtherKind = (issue: SchemaIssue) => issue.code === 'invalid_type' && issue.path.length === 0

function sentencesOf(issue: SchemaIssue, context: Context): SchemaFinding[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], context))

  const name = nameOf(path)
  if (issue.code === 'invalid_key') {
    const reason = issue.issues.map((inner) => inner.message).find(Boolean) ?? 'expected another name'
    return [{ path, at: 'key', message: `${name} cannot be used as a name: ${reason}` }]
  }
  return [{ path, at: 'value', message: `${name}${sentenceOf(issue, context)}` }]
}

/** Continues the name of the value. */
function sentenceOf(issue: SchemaIssue, context: Context): string {
  const { path } = issue
  const value = valueAt(context.values, path)
  if (value === undefined) return ` is missing${inHolder(path)}; expected ${expected(issue, context)}`
  if (issue.code === 'too_small' && isEmpty(value) && !issue.message) return ' must not be empty'
  const found = `found ${describe(value, path, context)}${hint(issue, value)}`
  return issue.message ? `: ${issue.message}, ${found}` : ` ${demand(issue, context)}, ${found}`
}

function unknownKey(path: YamlPath, { schema }: Context): SchemaFinding {
  const known = Object.keys(schemaAt(schema, path.slice(0, -1))?.properties ?? {})
  const key = String(path.at(-1))
  const meant = suggest(key, known)
  const advice = meant ? `did you mean \`${meant}\`?` : `expected one of ${known.join(', ')}`
  return { path, at: 'key', message: `unknown key \`${key}\`${inHolder(path)}; ${advice}` }
}

function demand(issue: SchemaIssue, context: Context): string {
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  return `must be ${expected(issue, context)}`
}

function expected(issue: SchemaIssue, { schema }: Context): string {
  if (issue.message) return issue.message.replace(/^expected /, '')
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_union') return anyOf(issue.errors.flatMap((option) => option.slice(0, 1).map(kindOf)))
  return schemaAt(schema, issue.path)?.pattern === DURATION.source ? 'a duration such as 15s or 24h' : kindOf(issue)
}

const kindOf = (issue: SchemaIssue) =>
  (issue.code === 'invalid_type' ? KINDS[issue.expected] : undefined) ?? 'a value that fits here'

const KINDS: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

function hint(issue: SchemaIssue, value: unknown): string {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return ''
  const meant = suggest(value, issue.values.map(String))
  return meant ? `; did you mean ${meant}?` : ''
}

function describe(value: unknown, path: YamlPath, { referenceAt }: Context): string {
  const reference = referenceAt(path)
  if (reference !== undefined) return `what ${JSON.stringify(reference)} stands for`
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (isDelicate(path)) return typeof value === 'string' ? 'a text' : `a ${typeof value}`
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** Such as `funnel[2]`. */
export function nameOf(path: YamlPath): string {
  const last = path.findLastIndex((step) => typeof step === 'string')
  if (last === -1) return 'the file'
  const indexes = path.slice(last + 1).map((index) => `[${String(index)}]`)
  return `\`${String(path[last])}${indexes.join('')}\``
}

const inHolder = (path: YamlPath) => (path.length > 1 ? ` in ${nameOf(path.slice(0, -1))}` : '')

const anyOf = (kinds: readonly string[]) => (kinds.length > 3 ? 'a value that JSON can hold' : kinds.join(' or '))

const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0)

const valueAt = (value: unknown, path: YamlPath): unknown =>
  path.reduce<unknown>((inner, step) => (isHolder(inner) ? inner[String(step)] : undefined), value)

const isHolder = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null
