// Makes the calls that a flow asks for, for one request.

import { canonical, type Json, type JsonObject } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'
import type { ApiAnswer, CallApi, Called } from './call-api.ts'
import type { Assignment, Call } from './definition.ts'
import { type Evaluate, type Evaluated, isTrue, type Scope } from './expression.ts'
import { render, renderSentence, type Template } from './template.ts'

export type CallOutcome = {
  readonly name: string
  /** Absent where no call was due. */
  readonly answer?: ApiAnswer
  /** Whether the answer is not ok, and nothing is given to stand for it. */
  readonly isFailed: boolean
  readonly errors: readonly TrailError[]
  readonly waitedMs: number
}

export type Caller = {
  /** Makes them side by side. What the same request has asked already, it does not ask again. */
  ask(calls: readonly Call[], scope: Scope): Promise<readonly CallOutcome[]>
  /** Makes the call, unless it was made for the same submission before. */
  do(call: Call, scope: Scope, idempotencyKey: string): Promise<CallOutcome>
}

type Deps = {
  readonly callApi: CallApi
  readonly evaluate: Evaluate
  /** Whether nothing may be done, as somebody else answers: a call that is due rejects with `WouldDo`. */
  readonly isRehearsal?: boolean
}

/** A call that happens once would have been made. */
export class WouldDo extends Error {
  override readonly name = 'WouldDo'
}

export function createCaller({ callApi, evaluate, isRehearsal = false }: Deps): Caller {
  const made = new Map<string, Promise<Called>>()

  const make = async (call: Call, scope: Scope, idempotencyKey?: string): Promise<CallOutcome> => {
    const due = call.when && (await evaluate(call.when, scope))
    if (due && !isTrue(due)) return notMade(call, due, scope, evaluate)
    if (isRehearsal && idempotencyKey !== undefined) throw new WouldDo(call.name)
    const { key, request, errors } = await prepare(call, scope, evaluate)
    const isOnce = idempotencyKey !== undefined && call.api.config.method !== 'GET'
    const asked = idempotencyKey === undefined ? made.get(key) : undefined
    const calling = asked ?? callApi(call.api, { ...request, ...(isOnce && { idempotencyKey }) })
    made.set(key, calling)
    return outcomeOf(call, await calling, errors, scope, evaluate)
  }
  return { ask: (calls, scope) => Promise.all(calls.map((call) => make(call, scope))), do: make }
}

/** Where its `when` does not hold, or fails. */
async function notMade(call: Call, due: Evaluated, scope: Scope, evaluate: Evaluate): Promise<CallOutcome> {
  const { name, otherwise } = call
  const found = due.ok ? [] : [{ code: 'expression_failed', field: name, message: due.message }]
  const common = { name, isFailed: !due.ok && otherwise === undefined, waitedMs: 0 }
  if (!otherwise) return { ...common, errors: found }
  const { answer, errors } = await standIn(otherwise, {}, scope, evaluate)
  return { ...common, answer, errors: [...found, ...errors] }
}

async function prepare({ api, with: parameters, fresh }: Call, scope: Scope, evaluate: Evaluate) {
  const { values, errors } = await valuesOf(parameters, scope, evaluate)
  const headers: { [name: string]: string } = {}
  const failures = [...errors]
  for (const { name, value } of api.headers) {
    const { text, errors: found } = await renderSentence(value, scope, evaluate)
    if (text !== '') headers[name] = text
    failures.push(...found)
  }
  const isFresh = fresh === true || (fresh !== undefined && isTrue(await evaluate(fresh, scope)))
  return {
    request: { with: values, headers, isFresh },
    key: canonical([api.name, values, headers]),
    errors: failures,
  }
}

async function outcomeOf(
  { name, otherwise }: Call,
  { answer, waitedMs, failure }: Called,
  before: readonly TrailError[],
  scope: Scope,
  evaluate: Evaluate,
): Promise<CallOutcome> {
  const errors = [...before, ...(failure ? [{ ...failure, field: name }] : [])]
  if (answer.ok || !otherwise) return { name, answer, isFailed: !answer.ok, errors, waitedMs }
  const stands = await standIn(otherwise, answer, scope, evaluate)
  return { name, answer: stands.answer, isFailed: false, errors: [...errors, ...stands.errors], waitedMs }
}

/** The answer with what the config gives in place of its body. */
async function standIn(otherwise: Template, found: Partial<ApiAnswer>, scope: Scope, evaluate: Evaluate) {
  const { value, errors } = await render(otherwise, scope, evaluate)
  const { body: _, ...rest } = found
  return { answer: { ...rest, ok: false, ...(value !== undefined && { body: value }) }, errors }
}

/** The answers, to be seen as `api`. */
export const answersOf = (outcomes: readonly CallOutcome[]): { readonly [name: string]: ApiAnswer } =>
  Object.fromEntries(outcomes.flatMap(({ name, answer }) => (answer ? [[name, answer]] : [])))

/** One without a result, or whose expression fails, is left out. */
export async function valuesOf(
  assignments: readonly Assignment[],
  scope: Scope,
  evaluate: Evaluate,
): Promise<{ readonly values: JsonObject; readonly errors: readonly TrailError[] }> {
  const values: { [name: string]: Json } = {}
  const errors: TrailError[] = []
  for (const { name, value } of assignments) {
    const result = 'fixed' in value ? ({ ok: true, value: value.fixed } as const) : await evaluate(value, scope)
    if (!result.ok) errors.push({ code: 'expression_failed', field: name, message: result.message })
    else if (result.value !== undefined) values[name] = result.value
  }
  return { values, errors }
}
