// What another endpoint's reply means for the trail. Nothing is changed in it.

import { fitted } from '../flow-json/fitting.ts'
import { isObject, type JsonObject, own, parseJson } from '../lib/json.ts'
import { SUCCESS, type TrailError } from '../trail/event.ts'
import type { FlowRequest } from '../wire/request.ts'
import { type FlowAnswer, markerOf, quotableIn } from './answer.ts'
import { exchangeOf } from './decide.ts'
import type { Flow } from './definition.ts'
import type { Evaluate, Scope } from './expression.ts'
import { mismatches } from './fit-to-screen.ts'
import { optionsIn } from './options.ts'
import { judgedFields } from './submit.ts'
import { validate } from './validate.ts'

export type ObservedReply = FlowAnswer & { readonly kind: 'reply' }

/** What the endpoint sent, and what of it could not be read. */
export type Sent = { readonly screen: string; readonly data: JsonObject; readonly problem?: string }

/** `text`: the plaintext of the reply. */
export function readSent(text: string): Sent {
  const parsed = parseJson(text)
  if (!isObject(parsed)) return { screen: '', data: {}, problem: 'sent a reply that is no JSON object' }
  const { screen, data = {} } = parsed
  if (typeof screen !== 'string') return { screen: '', data: {}, problem: 'sent a reply without a screen' }
  if (!isObject(data)) return { screen, data: {}, problem: 'sent data that is no object' }
  return { screen, data }
}

type Observing = {
  readonly text: string
  readonly upstreamMs: number
  readonly evaluate: Evaluate
  /** What the config's own expressions see. */
  readonly scope: Scope
}

export async function observedReply(flow: Flow, request: FlowRequest, observing: Observing): Promise<ObservedReply> {
  const { text, upstreamMs } = observing
  const { screen, data, problem } = readSent(text)
  const common = { kind: 'reply', status: 200, text, upstreamMs, change: { input: request.data } } as const
  if (problem !== undefined) return { ...common, ...failedAt(request, { code: 'upstream_body', message: problem }) }
  const { error_message: told } = data
  const isTold = typeof told === 'string' && told !== ''
  const isRefused = isTold && request.action === 'submit' && screen === request.screen
  const { trigger, sequence } = await markersOf(flow, request, observing)
  const refusals = isTold ? await refusalsOf(flow, request, told, trigger !== undefined, observing) : []
  const errors = [...refusals, ...misfitsOf(flow, request, { screen, data })]
  const isEnd = screen === SUCCESS || flow.screens.get(screen)?.ends === 'completed'
  return {
    ...common,
    outcome: isRefused ? 'rejected' : isEnd ? 'completed' : 'shown',
    next: screen,
    errors,
    ...(errors.length > 0 && { quotable: quotableIn(observing.scope) }),
    options: optionsIn(data),
    ...(trigger !== undefined && { trigger }),
    ...(sequence !== undefined && { sequence }),
  }
}

async function markersOf(flow: Flow, { action, screen }: FlowRequest, { scope, evaluate }: Observing) {
  const declared = action === 'submit' ? flow.screens.get(screen) : undefined
  const exchange = declared && (await exchangeOf(declared, scope, evaluate))
  const [trigger, sequence] = await Promise.all(
    [flow.trigger, flow.sequence].map((marker) => markerOf(marker, scope, evaluate)),
  )
  return { trigger: exchange?.name ?? trigger, sequence }
}

/** The endpoint answered, and not with a screen. */
export const observedFailure = (request: FlowRequest, error: TrailError, upstreamMs: number): ObservedReply => ({
  kind: 'reply',
  status: 200,
  text: '',
  upstreamMs,
  change: { input: {} },
  ...failedAt(request, error),
})

/** The endpoint closed the flow, after a request from this screen. `text`: the plaintext of the reply. */
export function observedClosing(request: FlowRequest, text: string, upstreamMs: number): ObservedReply {
  const parsed = parseJson(text)
  const message = isObject(parsed) && typeof parsed.error_msg === 'string' ? parsed.error_msg : ''
  return {
    kind: 'reply',
    status: 427,
    text,
    upstreamMs,
    outcome: 'rejected',
    next: request.screen,
    errors: [{ code: 'invalid_field', field: '', rule: 'close', message }],
    change: { input: {} },
  }
}

const failedAt = ({ screen }: FlowRequest, error: TrailError) => ({
  outcome: 'failed' as const,
  next: screen,
  errors: [{ field: 'tap', ...error, message: `the endpoint ${error.message}` }],
})

/** Of the fields that the config itself declares, those that break a rule of it; else nobody knows of what. */
async function refusalsOf(
  flow: Flow,
  { screen, data: input }: FlowRequest,
  told: string,
  isPart: boolean,
  { scope, evaluate }: Observing,
): Promise<readonly TrailError[]> {
  const fields = judgedFields(flow.screens.get(screen)?.fields ?? [], input, isPart)
  const broken = await validate(fields, { flow, input, scope, evaluate, isPart })
  const found = broken.filter(({ code }) => code === 'invalid_field').map((each) => ({ ...each, message: told }))
  return found.length > 0 ? found : [{ code: 'invalid_field', field: 'tap', rule: 'api', message: told }]
}

/** What the phone will not take. Where a screen is sent again, it keeps what it was told before. */
function misfitsOf({ flowJson }: Flow, request: FlowRequest, { screen, data }: Sent): readonly TrailError[] {
  if (!flowJson || screen === SUCCESS) return []
  const declared = flowJson.screens.get(screen)
  if (!declared)
    return [{ code: 'reply_mismatch', message: 'the endpoint sent a screen that the Flow JSON does not have' }]
  const isAgain = screen === request.screen
  return [...declared.data].flatMap(([name, { type }]) => {
    const value = own(data, name)
    if (value === undefined && isAgain) return []
    return mismatches(screen, fitted(type, value, name).misfits)
  })
}
