// What people see or get: data in which parts are results of expressions.

import { isObject, type Json, own } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'
import type { Evaluate, Expression, Scope } from './expression.ts'

export type Template =
  | { readonly kind: 'fixed'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** Texts, and expressions between them. */
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Template])[] }

export type Rendered = { readonly value: Json | undefined; readonly errors: readonly TrailError[] }

/** Undefined, with errors, where an expression fails. A part without a result is left out, in a text it is empty. */
export async function render(template: Template, scope: Scope, evaluate: Evaluate): Promise<Rendered> {
  switch (template.kind) {
    case 'fixed':
      return { value: template.value, errors: [] }
    case 'expression':
      return evaluated(template.expression, scope, evaluate)
    case 'text':
      return renderText(template.parts, scope, evaluate)
    case 'list':
      return join(await Promise.all(template.items.map((item) => render(item, scope, evaluate))), (values) =>
        values.filter((value) => value !== undefined),
      )
    case 'object':
      return join(await Promise.all(template.entries.map(([, part]) => render(part, scope, evaluate))), (values) =>
        Object.fromEntries(
          template.entries.flatMap(([name], index): [string, Json][] => {
            const value = values[index]
            return value === undefined ? [] : [[name, value]]
          }),
        ),
      )
  }
}

/** Empty, with errors, where it fails. */
export async function renderSentence(template: Template, scope: Scope, evaluate: Evaluate) {
  const { value, errors } = await render(template, scope, evaluate)
  return { text: value === undefined ? '' : textOf(value), errors }
}

async function evaluated(expression: Expression, scope: Scope, evaluate: Evaluate): Promise<Rendered> {
  const result = await evaluate(expression, scope)
  if (result.ok) return { value: result.value, errors: [] }
  return { value: undefined, errors: [{ code: 'expression_failed', message: result.message }] }
}

async function renderText(
  parts: readonly (string | Expression)[],
  scope: Scope,
  evaluate: Evaluate,
): Promise<Rendered> {
  const rendered = await Promise.all(
    parts.map((part) => (typeof part === 'string' ? { value: part, errors: [] } : evaluated(part, scope, evaluate))),
  )
  return join(rendered, (values) => values.map((value) => (value === undefined ? '' : textOf(value))).join(''))
}

function join(parts: readonly Rendered[], make: (values: readonly (Json | undefined)[]) => Json): Rendered {
  const errors = parts.flatMap((part) => part.errors)
  return { value: errors.length > 0 ? undefined : make(parts.map((part) => part.value)), errors }
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Works out the flow's texts that an expression uses; a text within a text is not. */
export function withTexts(texts: { readonly [name: string]: Template }, evaluate: Evaluate): Evaluate {
  return async (expression, scope) => {
    if (expression.texts.length === 0) return evaluate(expression, scope)
    const rendered = await Promise.all(
      expression.texts.map(async (name) => {
        const template = own(texts, name)
        return [name, template ? (await renderSentence(template, scope, evaluate)).text : ''] as const
      }),
    )
    return evaluate(expression, { ...scope, texts: Object.fromEntries(rendered) })
  }
}

/** `place`: within the template. `parse` reports a mistake by itself. */
export function compileTemplate(
  value: Json,
  parse: (place: readonly (string | number)[], text: string) => Expression,
  place: readonly (string | number)[] = [],
): Template {
  if (typeof value === 'string') return compileText(value, (text) => parse(place, text))
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => compileTemplate(item, parse, [...place, index]))
    return items.every(isFixed) ? { kind: 'fixed', value } : { kind: 'list', items }
  }
  if (!isObject(value)) return { kind: 'fixed', value }
  if (isExpression(value)) return { kind: 'expression', expression: parse([...place, 'expr'], value.expr) }
  const entries = Object.entries(value).map(
    ([name, part]) => [name, compileTemplate(part, parse, [...place, name])] as const,
  )
  return entries.every(([, part]) => isFixed(part)) ? { kind: 'fixed', value } : { kind: 'object', entries }
}

export const isExpression = (value: Json): value is { readonly expr: string } =>
  isObject(value) && typeof value.expr === 'string' && Object.keys(value).length === 1

const isFixed = (template: Template): boolean => template.kind === 'fixed'

export const HOLES = /\{\{(.+?)\}\}/gs

function compileText(text: string, parse: (text: string) => Expression): Template {
  const parts: (string | Expression)[] = []
  let end = 0
  for (const { index, 0: hole, 1: inside = '' } of text.matchAll(HOLES)) {
    if (index > end) parts.push(text.slice(end, index))
    parts.push(parse(inside.trim()))
    end = index + hole.length
  }
  if (parts.length === 0) return { kind: 'fixed', value: text }
  return { kind: 'text', parts: end < text.length ? [...parts, text.slice(end)] : parts }
}
