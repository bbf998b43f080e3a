// Answers a request from the flow's definition.

import type { Json } from '../lib/json.ts'
import { lengthOf } from '../lib/text.ts'
import { notifiedKey } from '../wire/client-error.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { CallApi } from './call-api.ts'
import { createCaller } from './calls.ts'
import { decide } from './decide.ts'
import type { Flow } from './definition.ts'
import { type Evaluate, isTrue, type Scope } from './expression.ts'
import { type Change, type LiveSession, NOTHING_SAID, requestKeyOf, type Served } from './live-session.ts'
import { type Closed, type Made, shownAs } from './made.ts'
import { type Reply, writeReply } from './reply.ts'
import { type Run, showAgain } from './run.ts'
import { type SessionState, scopeOf } from './scope.ts'
import { withTexts } from './template.ts'

export type AnswerContext = {
  readonly callApi: CallApi
  readonly evaluate: Evaluate
  /** Undefined on the first request. */
  readonly session: LiveSession | undefined
  readonly sessionId: string
  readonly now: number
  /** In the timezone of the business, `YYYY-MM-DD`. */
  readonly today: string
  /** Within this time the same request again gets the same answer, milliseconds. */
  readonly repeatWindowMs: number
  /** Whether nothing may be done: then a call of `do` that is due rejects with `WouldDo`. */
  readonly isRehearsal?: boolean
}

export type FlowAnswer =
  /** `message`: for the person, whose flow closes. */
  | { readonly kind: 'token_refused'; readonly detail: string; readonly message: string }
  | (Reply & {
      readonly kind: 'reply'
      /** 427 closes the flow; with 503 the phone offers to try again. */
      readonly status: 200 | 427 | 503
      /** Results of the flow's own expressions, before the field policy. */
      readonly trigger?: string
      readonly sequence?: string
      /** What the session knew before, which errors may quote; left out where there are none. */
      readonly quotable?: readonly Json[]
      readonly change: Change
    })

export async function answer(flow: Flow, request: FlowRequest, given: AnswerContext): Promise<FlowAnswer> {
  if (request.action === 'client_error') return acknowledge(request)

  const context = { ...given, evaluate: withTexts(flow.texts, given.evaluate) }
  const { session, scope } = sceneOf(flow, request, context)
  const refusal = await refuseToken(flow, scope, context.evaluate)
  if (refusal) return refusal

  const [trigger, sequence] = await Promise.all(
    [flow.trigger, flow.sequence].map((marker) => markerOf(marker, scope, context.evaluate)),
  )
  const { action, screen, data } = request
  const run: Run = {
    flow,
    request,
    session,
    scope,
    evaluate: context.evaluate,
    caller: createCaller(context),
    key: requestKeyOf(action, screen, sequence === undefined ? data : { sequence }),
    pending: context.session?.pending,
    submissionId: submissionIdOf(context),
  }
  const repeated = repeatedBy(run, context, sequence !== undefined)
  const made = repeated ? await again(run, repeated) : await decide(run, trigger)
  if (made.kind === 'closed') return closed(run, made)
  const reply = made.text === undefined ? writeReply(flow, request, made) : writtenBefore(made, made.text)
  const marker = made.exchange ?? trigger
  return {
    kind: 'reply',
    status: made.status ?? 200,
    ...reply,
    ...(marker !== undefined && { trigger: marker }),
    ...(sequence !== undefined && { sequence }),
    ...(reply.errors.length > 0 && { quotable: quotableIn(scope) }),
    change: repeated ? { input: {}, repeated: { ...repeated, at: context.now } } : changeOf(run, made, reply, context),
  }
}

/** What the session knew before the request. */
export const quotableIn = ({ known, at, vars }: Scope): readonly Json[] => [known, at, vars] as Json[]

/** Whether the answer could depend on earlier requests of the session. */
export function needsSession(flow: Flow, request: FlowRequest): boolean {
  if (request.action !== 'init') return request.action !== 'client_error'
  return flow.open.keep.length > 0 || flow.usesSessionOnOpening
}

/** Of an error that the phone reports. */
export function acknowledge({ data }: FlowRequest): FlowAnswer & { readonly kind: 'reply' } {
  const { error_message: text } = data
  const message = typeof text === 'string' ? `Its message had ${lengthOf(text)} characters.` : undefined
  return {
    kind: 'reply',
    status: 200,
    text: JSON.stringify({ data: { acknowledged: true } }),
    outcome: 'acknowledged',
    next: '',
    errors: [{ code: `client:${notifiedKey(data)}`, ...(message !== undefined && { message }) }],
    upstreamMs: 0,
    change: { input: {} },
  }
}

/** What the request finds: the session so far, and what expressions see. */
export function sceneOf(flow: Flow, request: FlowRequest, context: Omit<AnswerContext, 'callApi' | 'evaluate'>) {
  const session = stateOf(flow, request, context)
  return { session, scope: scopeOf(flow, request, session, context) }
}

/** Nothing that was said before an opening is seen after it, except the variables that the flow keeps. */
function stateOf(
  { open, screens, isLearning }: Flow,
  { action }: FlowRequest,
  { session, sessionId, now }: Pick<AnswerContext, 'session' | 'sessionId' | 'now'>,
): SessionState {
  const before = session ?? { id: sessionId, startedAt: now, ...NOTHING_SAID }
  // A session can be older than the config, and have screens that the flow no longer defines.
  const isThere = (screen: string) => isLearning || screens.has(screen)
  if (action !== 'init') return { ...before, path: before.path.filter(isThere) }
  const kept = Object.entries(before.vars).filter(([name]) => open.keep.includes(name))
  return { ...before, ...NOTHING_SAID, vars: Object.fromEntries(kept) }
}

async function refuseToken(flow: Flow, scope: Scope, evaluate: Evaluate): Promise<FlowAnswer | undefined> {
  const { tokens } = flow
  if (!tokens?.accept) return undefined
  const { accept, expiredMessage: message } = tokens
  const accepted = await evaluate(accept, scope)
  if (isTrue(accepted)) return undefined
  const detail = accepted.ok ? `tokens.accept is not true: ${accept.text}` : `tokens.accept failed: ${accepted.message}`
  return { kind: 'token_refused', detail, message }
}

/** What an expression of the flow marks a request with. */
export async function markerOf(
  expression: Flow['trigger'],
  scope: Scope,
  evaluate: Evaluate,
): Promise<string | undefined> {
  const evaluated = expression && (await evaluate(expression, scope))
  if (!evaluated?.ok || (typeof evaluated.value !== 'string' && typeof evaluated.value !== 'number')) return undefined
  return String(evaluated.value) || undefined
}

/** Until a request is served, a try of it has the same number of served ones before it. */
const submissionIdOf = ({ session, sessionId }: AnswerContext): string => `${sessionId} ${session?.served ?? 0}`

/**
 * The request just before, if this one is the same again. `isNumbered`: by the flow's own sequence, at any distance. Another server is
 * asked about each opening: only it knows whether its first answer was a good one.
 */
function repeatedBy(
  { key, flow, request }: Run,
  { session, now, repeatWindowMs }: AnswerContext,
  isNumbered: boolean,
): Served | undefined {
  const last = flow.forward && request.action === 'init' ? undefined : session?.last
  return last?.key === key && (isNumbered || now - last.at <= repeatWindowMs) ? last : undefined
}

/** The same answer; the screen anew if that was too large to be kept. */
async function again(run: Run, { text, next, outcome }: Served): Promise<Made> {
  if (text === undefined) return { ...shownAs(await showAgain(run, next, run.scope)), outcome }
  return { kind: 'made', outcome, next, data: {}, errors: [], upstreamMs: 0, text }
}

const writtenBefore = ({ outcome, next, errors, upstreamMs }: Made, text: string): Reply => ({
  outcome,
  next,
  errors,
  upstreamMs,
  text,
})

/** Characters of a reply that is kept for a second tap. Larger ones have images, and are made anew. */
const KEPT_REPLY = 32 * 1024

function changeOf({ request, key }: Run, made: Made, { outcome, next, text }: Reply, { now }: AnswerContext): Change {
  const { vars, sent, answers } = made
  const isServed = outcome === 'shown' || outcome === 'completed'
  const served = () => ({ key, at: now, outcome, next, ...(text.length <= KEPT_REPLY && { text }) }) as Served
  return {
    input: request.data,
    ...(vars && { vars }),
    ...(sent && { sent }),
    ...(isServed ? { last: served() } : answers && { pending: { key, answers } }),
  }
}

/** On opening there is no session yet that could be closed. */
function closed({ request, flow, key }: Run, { message, errors, upstreamMs, answers }: Closed): FlowAnswer {
  const told = message === '' ? (flow.tokens?.expiredMessage ?? flow.failureMessage) : message
  if (request.action === 'init')
    return {
      kind: 'token_refused',
      detail: `${flow.forward ? 'forward' : 'a branch of open.next'} closed the flow`,
      message: told,
    }
  return {
    kind: 'reply',
    status: 427,
    text: JSON.stringify({ error_msg: told }),
    outcome: 'rejected',
    next: request.screen,
    errors: [...errors, { code: 'invalid_field', field: '', rule: 'close', message: told }],
    upstreamMs,
    change: { input: request.data, ...(answers && { pending: { key, answers } }) },
  }
}
