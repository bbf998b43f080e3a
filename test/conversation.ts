// One person's exchanges with a flow, as the endpoint has them: each answer sees what the session said before.

import { answer } from '../src/flow/answer.ts'
import type { CallApi } from '../src/flow/call-api.ts'
import type { Flow } from '../src/flow/definition.ts'
import type { Evaluate } from '../src/flow/expression.ts'
import { advance, type LiveSession } from '../src/flow/live-session.ts'
import type { Json, JsonObject } from '../src/lib/json.ts'
import type { Action, Outcome, TrailError } from '../src/trail/event.ts'
import type { FlowRequest } from '../src/wire/request.ts'
import { eventOf, START } from './arbitrary-events.ts'

export type Said = {
  readonly screen: string
  readonly data: { readonly [name: string]: Json }
  readonly outcome: Outcome
  readonly errors: readonly TrailError[]
  readonly text: string
  readonly trigger?: string
  readonly sequence?: string
}

export type Conversation = {
  init(request?: Partial<FlowRequest>): Promise<Said>
  submit(screen: string, data?: JsonObject, request?: Partial<FlowRequest>): Promise<Said>
  back(screen?: string): Promise<Said>
  session(): LiveSession | undefined
}

const GAP_MS = 86_400_000

/** Requests come a second apart, the first on 2 March 2026. */
export function converse(flow: Flow, callApi: CallApi = noApis): Conversation {
  let session: LiveSession | undefined
  let count = 0

  const exchange = async (action: Action, partial: Partial<FlowRequest>): Promise<Said> => {
    const request: FlowRequest = { action, version: '3.0', screen: '', data: {}, token: 'token-1', ...partial }
    const at = START + 1_000 * count++
    const answered = await answer(flow, request, {
      callApi,
      evaluate: evaluateHere,
      session,
      sessionId: session?.id ?? 'FIRST',
      now: at,
      today: '2026-03-02',
      repeatWindowMs: 0,
    })
    if (answered.kind === 'token_refused') throw new Error(answered.detail)
    const { outcome, next, errors, text, kind, status, change, upstreamMs, ...markers } = answered
    const event = eventOf({ action, screen: request.screen, next, outcome, at })
    session = advance(session, event, change, GAP_MS)
    const { screen = '', data } = JSON.parse(text) as { screen?: string; data: JsonObject }
    return { screen, data, outcome, errors, text, ...markers }
  }

  return {
    init: (request = {}) => exchange('init', request),
    submit: (screen, data = {}, request = {}) => exchange('submit', { screen, data, ...request }),
    back: (screen = '') => exchange('back', { screen }),
    session: () => session,
  }
}

/** On this thread, where a test may take its time. */
export const evaluateHere: Evaluate = (expression, scope) => expression.evaluate(scope)

const noApis: CallApi = async (api) => {
  throw new Error(`the API ${api.name} was not to be asked`)
}
