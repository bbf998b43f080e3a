// A screen with its data: fixed values, results of expressions, answers of outside APIs.

import type { Json, JsonObject } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'
import type { DataEntry, DataSource, Flow } from './definition.ts'
import type { Evaluate, Scope } from './expression.ts'
import type { Decision } from './reply.ts'

/** Never rejects: an error comes beside a usable value. */
export type FetchSource = (source: DataSource, parameters: JsonObject) => Promise<SourceAnswer>

export type SourceAnswer = {
  readonly value: Json
  /** Time waited, milliseconds. */
  readonly waitedMs: number
  readonly error?: TrailError
}

type Deps = { readonly fetchSource: FetchSource; readonly evaluate: Evaluate }

/** An entry that fails is left out and recorded; the flow goes on. */
export async function showScreen(flow: Flow, id: string, scope: Scope, deps: Deps): Promise<Decision> {
  const entries = flow.screens.get(id)?.data ?? []
  const parts = await Promise.all(entries.map((entry) => resolve(flow, entry, scope, deps)))
  const data: { [name: string]: Json } = {}
  for (const [index, entry] of entries.entries()) {
    const value = parts[index]?.value
    if (value !== undefined) data[entry.name] = value
  }
  return {
    outcome: 'shown',
    next: id,
    data,
    errors: parts.flatMap((part) => part.errors),
    upstreamMs: Math.max(0, ...parts.map((part) => part.waitedMs)),
  }
}

export function expressionsOf(entry: DataEntry): string[] {
  if (entry.kind === 'expression') return [entry.expression.text]
  return entry.kind === 'source' ? entry.with.map((parameter) => parameter.expression.text) : []
}

type ScreenPart = Pick<SourceAnswer, 'waitedMs'> & {
  readonly value: Json | undefined
  readonly errors: readonly TrailError[]
}

async function resolve(
  flow: Flow,
  entry: DataEntry,
  scope: Scope,
  { fetchSource, evaluate }: Deps,
): Promise<ScreenPart> {
  if (entry.kind === 'fixed') return { value: entry.value, errors: [], waitedMs: 0 }
  if (entry.kind === 'expression') {
    const evaluated = await evaluate(entry.expression, scope)
    if (evaluated.ok) return { value: evaluated.value, errors: [], waitedMs: 0 }
    const error = { code: 'expression_failed', field: entry.name, message: evaluated.message }
    return { value: undefined, errors: [error], waitedMs: 0 }
  }
  const parameters: { [name: string]: Json } = {}
  const errors: TrailError[] = []
  for (const { name, expression } of entry.with) {
    const evaluated = await evaluate(expression, scope)
    if (!evaluated.ok) errors.push({ code: 'expression_failed', field: name, message: evaluated.message })
    else if (evaluated.value !== undefined) parameters[name] = evaluated.value
  }
  const { value, waitedMs, error } = await fetchSource(flow.sources.get(entry.source) as DataSource, parameters)
  return { value, errors: error ? [...errors, error] : errors, waitedMs }
}
