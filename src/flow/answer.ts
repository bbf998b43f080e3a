// Answers a request from the flow's definition.

import type { Json } from '../lib/json.ts'
import { suggest } from '../lib/suggest.ts'
import { lengthOf } from '../lib/text.ts'
import { SUCCESS, type TrailError } from '../trail/event.ts'
import { notifiedKey } from '../wire/client-error.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { Flow, Screen } from './definition.ts'
import { type Evaluate, isTrue, type Scope } from './expression.ts'
import { type LiveSession, type Stop, stopBefore, stopOf } from './live-session.ts'
import { type Decision, type Reply, writeReply } from './reply.ts'
import { expressionsOf, type FetchSource, showScreen } from './screen-data.ts'
import { validate } from './validate.ts'

type AnswerContext = {
  readonly fetchSource: FetchSource
  readonly evaluate: Evaluate
  /** Undefined on the first request. */
  readonly session: LiveSession | undefined
  readonly sessionId: string
  readonly now: number
  /** In the timezone of the business, `YYYY-MM-DD`. */
  readonly today: string
}

export type FlowAnswer =
  | { readonly kind: 'token_refused'; readonly detail: string }
  | (Reply & {
      readonly kind: 'reply'
      /** Results of the flow's own expressions, before the field policy. */
      readonly trigger?: string
      readonly sequence?: string
    })

export async function answer(flow: Flow, request: FlowRequest, context: AnswerContext): Promise<FlowAnswer> {
  if (request.action === 'client_error') return acknowledge(request)

  const scope = scopeOf(request, context)
  const refusal = await refuseToken(flow, scope, context.evaluate)
  if (refusal) return refusal

  const [trigger, sequence] = await Promise.all(
    [flow.trigger, flow.sequence].map((marker) => markerOf(marker, scope, context.evaluate)),
  )
  const decision = await decide(flow, request, context, scope, trigger)
  return {
    kind: 'reply',
    ...writeReply(flow, request, decision),
    ...(trigger !== undefined && { trigger }),
    ...(sequence !== undefined && { sequence }),
  }
}

/** Whether the answer could depend on earlier requests of the session. */
export function needsSession(flow: Flow, request: FlowRequest): boolean {
  if (request.action !== 'init') return request.action !== 'client_error'
  const texts = flow.screens.get(flow.start)?.data.flatMap(expressionsOf) ?? []
  const others = [flow.tokens?.accept, flow.trigger, flow.sequence].map((expression) => expression?.text ?? '')
  return [...others, ...texts].some((text) => /\bsession\b/.test(text))
}

function acknowledge({ data }: FlowRequest): FlowAnswer {
  const { error_message: text } = data
  const message = typeof text === 'string' ? `Its message had ${lengthOf(text)} characters.` : undefined
  return {
    kind: 'reply',
    text: JSON.stringify({ data: { acknowledged: true } }),
    outcome: 'acknowledged',
    next: '',
    errors: [{ code: `client:${notifiedKey(data)}`, ...(message !== undefined && { message }) }],
    upstreamMs: 0,
  }
}

function scopeOf(request: FlowRequest, { session, sessionId, now }: AnswerContext): Scope {
  return {
    input: request.data,
    session: {
      id: sessionId,
      inputs: session?.inputs ?? {},
      startedAt: session?.startedAt ?? now,
      screens: session?.path.map((stop) => stop.screen) ?? [],
    },
    token: request.token,
    now,
  }
}

async function refuseToken(flow: Flow, scope: Scope, evaluate: Evaluate): Promise<FlowAnswer | undefined> {
  const accept = flow.tokens?.accept
  if (!accept) return undefined
  const accepted = await evaluate(accept, scope)
  if (isTrue(accepted)) return undefined
  const detail = accepted.ok ? `tokens.accept is not true: ${accept.text}` : `tokens.accept failed: ${accepted.message}`
  return { kind: 'token_refused', detail }
}

async function markerOf(expression: Flow['trigger'], scope: Scope, evaluate: Evaluate): Promise<string | undefined> {
  const evaluated = expression && (await evaluate(expression, scope))
  if (!evaluated?.ok || (typeof evaluated.value !== 'string' && typeof evaluated.value !== 'number')) return undefined
  return String(evaluated.value) || undefined
}

async function decide(
  flow: Flow,
  request: FlowRequest,
  context: AnswerContext,
  scope: Scope,
  trigger: string | undefined,
): Promise<Decision> {
  // A session can be older than the config, and have screens that the flow no longer defines.
  const path = context.session?.path.filter((stop) => flow.screens.has(stop.screen)) ?? []
  const showStop = (stop: Stop) => showScreen(flow, stop.screen, { ...scope, input: stop.input }, context)
  const first: Stop = { screen: flow.start, input: {} }

  if (request.action === 'init') return showScreen(flow, flow.start, scope, context)
  if (request.action === 'back') return showStop(stopBefore(path, request.screen) ?? first)

  const screen = flow.screens.get(request.screen)
  const here = stopOf(path, request.screen)
  if (!screen) {
    const error = { code: 'unknown_screen', message: unknownScreen(request.screen, flow) }
    return fail(flow, await showStop(here ?? first), error)
  }

  const stay = () => showStop({ screen: screen.id, input: here?.screen === screen.id ? here.input : {} })
  if (trigger !== undefined) return showScreen(flow, screen.id, scope, context)

  const refusals = await validate(screen.fields, request.data, context.today, scope, context.evaluate)
  if (refusals.length > 0) {
    const { data, errors, ...shown } = await stay()
    const error_message = [...new Set(refusals.map((refusal) => refusal.message))].join(' ')
    return { ...shown, outcome: 'rejected', data: { ...data, error_message }, errors: [...refusals, ...errors] }
  }
  if (screen.complete) return complete(screen.complete, request, scope, context.evaluate)

  const { to, errors } = await branchOf(screen, scope, context.evaluate)
  if (to !== undefined) {
    const shown = await showScreen(flow, to, scope, context)
    return { ...shown, errors: [...errors, ...shown.errors] }
  }
  return fail(flow, await stay(), ...errors, { code: 'no_next', message: `no branch of ${screen.id}'s next applies` })
}

async function branchOf(
  screen: Screen,
  scope: Scope,
  evaluate: Evaluate,
): Promise<{ to?: string; errors: TrailError[] }> {
  const errors: TrailError[] = []
  for (const { when, to } of screen.next) {
    if (!when) return { to, errors }
    const evaluated = await evaluate(when, scope)
    if (isTrue(evaluated)) return { to, errors }
    if (!evaluated.ok) errors.push({ code: 'expression_failed', message: evaluated.message })
  }
  return { errors }
}

async function complete(
  entries: NonNullable<Screen['complete']>,
  request: FlowRequest,
  scope: Scope,
  evaluate: Evaluate,
): Promise<Decision> {
  const errors: TrailError[] = []
  const params: { [name: string]: Json } = {}
  for (const { name, value } of entries) {
    const evaluated = 'fixed' in value ? ({ ok: true, value: value.fixed } as const) : await evaluate(value, scope)
    if (!evaluated.ok) errors.push({ code: 'expression_failed', field: name, message: evaluated.message })
    else if (evaluated.value !== undefined) params[name] = evaluated.value
  }
  return {
    outcome: 'completed',
    next: SUCCESS,
    data: { extension_message_response: { params: { ...params, flow_token: request.token } } },
    errors,
    upstreamMs: 0,
  }
}

/** Never quotes the name, which a client can make up; a typo shows by the screen with a similar name. */
function unknownScreen(screen: string, { screens }: Flow): string {
  if (screen === '') return 'the request does not say which screen it came from'
  const meant = suggest(screen, [...screens.keys()])
  const near = meant === undefined ? '' : `; ${meant} has nearly the same name`
  return `the request came from a screen that the config does not define; its name has ${lengthOf(screen)} characters${near}`
}

/** The person stays on this screen, with the flow's failure message. */
const fail = (flow: Flow, shown: Decision, ...errors: TrailError[]): Decision => ({
  ...shown,
  outcome: 'failed',
  data: { ...shown.data, error_message: flow.failureMessage },
  errors: [...errors, ...shown.errors],
})
