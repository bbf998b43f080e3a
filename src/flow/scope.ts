// What the expressions of a request see.

import { isObject, type JsonObject } from '../lib/json.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { ApiAnswer } from './call-api.ts'
import type { Flow } from './definition.ts'
import type { Scope } from './expression.ts'
import { inputAt, type LiveSession } from './live-session.ts'

/** What a request begins with: the session so far, or a new one. */
export type SessionState = Pick<LiveSession, 'id' | 'startedAt' | 'path' | 'known' | 'at' | 'vars' | 'sent'>

type Moment = { readonly now: number; readonly today: string }

/** `known` and `at` have what this request submits, too. */
export function scopeOf(flow: Flow, request: FlowRequest, session: SessionState, { now, today }: Moment): Scope {
  const { action, data, screen, token } = request
  const { id, startedAt, path, known, at, vars, sent } = session
  const isSubmitting = action === 'submit'
  return {
    input: data,
    known: isSubmitting ? { ...known, ...data } : known,
    at: isSubmitting ? { ...at, [screen]: inputAt({ at }, screen, data) } : at,
    vars,
    sent: { ...fixedData(flow, screen), ...(isObject(sent[screen]) && sent[screen]) },
    api: {},
    lists: flow.lists,
    session: { id, startedAt, screens: path },
    token,
    now,
    today,
  }
}

export const withAnswers = (scope: Scope, answers: { readonly [name: string]: ApiAnswer }): Scope => ({
  ...scope,
  api: { ...(scope.api as object), ...answers },
})

export const withVars = (scope: Scope, vars: JsonObject): Scope => ({ ...scope, vars })

function fixedData({ screens }: Flow, id: string): JsonObject {
  const entries = screens.get(id)?.data ?? []
  return Object.fromEntries(entries.flatMap(({ name, value }) => (value.kind === 'fixed' ? [[name, value.value]] : [])))
}
