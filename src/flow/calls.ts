// Makes the calls that a flow asks for, for one request.

import { canonical, type Json, type JsonObject } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'
import type { ApiAnswer, CallApi, Called } from './call-api.ts'
import type { Assignment, Call } from './definition.ts'
import { type Evaluate, isTrue, type Scope } from './expression.ts'
import { render, renderSentence } from './template.ts'

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

export function createCaller({ callApi, evaluate }: { readonly callApi: CallApi; readonly evaluate: Evaluate }): Caller {
  const made = new Map<string, Promise<Called>>()

  const make = async (call: Call, scope: Scope, idempotencyKey?: string): Promise<CallOutcome> => {
    const { name, api, when, otherwise, fresh } = call
    if (when) {
      const due = await evaluate(when, scope)
      if (!isTrue(due)) {
        const errors = due.ok ? [] : [{ code: 'expression_failed', field: name, message: due.message }]
        const stands = otherwise && (await standIn(call, scope))
        return { name, ...(stands && { answer: stands.answer }), isFailed: !due.ok && !otherwise, errors, waitedMs: 0 }
      }
    }
    const parameters = await valuesOf(call.with, scope, evaluate)
    const headers: { [name: string]: string } = {}
    const errors = [...parameters.errors]
    for (const header of api.headers) {
      const { text, errors: found } = await renderSentence(header.value, scope, evaluate)
      if (text !== '') headers[header.name] = text
      errors.push(...found)
    }
    const isFresh = fresh === true || (fresh !== undefined && isTrue(await evaluate(fresh, scope)))
    const key = canonical([api.name, parameters.values, headers])
    const isWrite = idempotencyKey !== undefined && api.config.method !== 'GET'
    const calling = () =>
      callApi(api, { with: parameters.values, headers, isFresh, ...(isWrite && { idempotencyKey }) })
    const called = await (idempotencyKey === undefined ? made.getOrInsertComputed(key, calling) : remembered(key, calling))
    if (called.failure) errors.push({ ...called.failure, field: name })
    if (called.answer.ok || !otherwise)
      return { name, answer: called.answer, isFailed: !called.answer.ok, errors, waitedMs: called.waitedMs }
    const stands = await standIn(call, scope, called.answer)
    return { name, ...stands, errors: [...errors, ...stands.errors], isFailed: false, waitedMs: called.waitedMs }
  }

  const remembered = (key: string, calling: () => Promise<Called>): Promise<Called> => {
    const called = calling()
    made.set(key, called)
    return called
  }

  const standIn = async ({ otherwise }: Call, scope: Scope, found: Partial<ApiAnswer> = {}) => {
    const { value, errors } = otherwise ? await render(otherwise, scope, evaluate) : { value: undefined, errors: [] }
    const { body: _, ...rest } = found
    return { answer: { ...rest, ok: false, ...(value !== undefined && { body: value }) }, errors }
  }

  return {
    ask: (calls, scope) => Promise.all(calls.map((call) => make(call, scope))),
    do: make,
  }
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
