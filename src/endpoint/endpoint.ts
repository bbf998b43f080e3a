// The data endpoint: verify, decrypt, answer, journal, encrypt. Nothing else happens while a user waits.

import { answer, type FlowAnswer, needsSession } from '../flow/answer.ts'
import type { CallApi } from '../flow/call-api.ts'
import type { Flow } from '../flow/definition.ts'
import type { Evaluate } from '../flow/expression.ts'
import { continued, type LiveSession } from '../flow/live-session.ts'
import { remember } from '../flow/remembered-input.ts'
import { screenOf } from '../flow/reply.ts'
import { plainText } from '../http/plain-text.ts'
import type { Clock, Stopwatch } from '../lib/clock.ts'
import { dayOf } from '../lib/days.ts'
import { sha256 } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import { redactError } from '../lib/redact-error.ts'
import { suggest } from '../lib/suggest.ts'
import { lengthOf } from '../lib/text.ts'
import { keptToken } from '../privacy/flow-token.ts'
import type { PseudonymKey } from '../privacy/pseudonym.ts'
import type { StateSeal } from '../privacy/sealed-state.ts'
import { keptScreen } from '../privacy/stored-event.ts'
import type { SealedSession } from '../store/sealed-session.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { sessionIdOf } from '../trail/derive-sessions.ts'
import { isTracked, SUCCESS, type TrailEvent } from '../trail/event.ts'
import type { IncidentCategory } from '../trail/incident.ts'
import { type ReplyKey, sealedBytes, sealReply } from '../wire/envelope.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { Activity } from './activity.ts'
import type { EndpointMetrics } from './endpoint-metrics.ts'
import { declaredBy, normalised } from './flow-request.ts'
import type { IncidentLog } from './incident-log.ts'
import type { LiveSessions } from './live-sessions.ts'
import type { Observer } from './observer.ts'
import { type AdmissionDeps, admit } from './open-request.ts'
import type { Tap } from './tap.ts'
import type { TrailWriter } from './trail-writer.ts'
import type { TakeTurn } from './turns.ts'

type EndpointDeps = AdmissionDeps & {
  readonly flows: ReadonlyMap<string, Flow>
  readonly pseudonymKey: PseudonymKey
  readonly gapMs: number
  readonly repeatWindowMs: number
  readonly timezone: string
  readonly callApi: CallApi
  readonly evaluate: Evaluate
  readonly live: LiveSessions
  readonly incidents: IncidentLog
  readonly metrics: EndpointMetrics
  readonly activity: Pick<Activity, 'notePing'>
  readonly trail: TrailWriter
  readonly tap: Tap
  readonly observer: Pick<Observer, 'see'>
  readonly takeTurn: TakeTurn
  readonly stateSeal: StateSeal
  readonly clock: Clock
  readonly stopwatch: Stopwatch
  readonly log: Log
}

/**
 * The statuses Meta's clients act on, https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes:
 * 421 makes the client fetch our public key again and re-send once, 427 closes the flow, 432 is a failed signature.
 */
const STATUS: { readonly [category in IncidentCategory]: number } = {
  unknown_flow: 404,
  too_large: 413,
  bad_signature: 432,
  malformed: 400,
  decrypt_failed: 421,
  token_refused: 427,
}

/** Without the secret or the key a sender learns nothing, as in Meta's sample. */
const BODIES: { readonly [category in IncidentCategory]?: string } = { bad_signature: '', decrypt_failed: '' }

export type Endpoint = (flowKey: string, request: Request) => Promise<Response>

export function createEndpoint(deps: EndpointDeps): Endpoint {
  const { flows, incidents, metrics, activity, trail, clock, stopwatch } = deps

  return async (flowKey, http) => {
    const at = clock()
    const started = stopwatch()
    const flow = flows.get(flowKey)

    const reply = (status: number, body: string, isPing = false): Response => {
      metrics.observeReply({ flow: flowKey, status, ms: stopwatch() - started, isPing })
      return plainText(status, body)
    }
    const refuse = (category: IncidentCategory, detail: string, body = BODIES[category] ?? detail): Response => {
      incidents.record(category, flow?.key ?? '', detail)
      metrics.observeIncident(category)
      return reply(STATUS[category], body)
    }
    const refuseToken = (message: string, detail: string, key: ReplyKey): Response =>
      refuse('token_refused', detail, sealReply(JSON.stringify({ error_msg: message }), key))

    const passThrough = async (tapped: Flow): Promise<Response> => {
      const body = await deps.readBody(http)
      if ('problem' in body) return refuse(body.problem, body.detail)
      const passed = await deps.tap(tapped, body.bytes, http.headers)
      deps.observer.see(passed.tapped)
      return passed.response
    }

    if (!flow) return refuse('unknown_flow', unknownFlow(flowKey, flows), NO_FLOW)

    if (flow.tap) return passThrough(flow)

    const admitted = await admit(http, declaredBy(flow), deps)
    if (admitted.kind === 'refused') {
      const { category, detail, replyKey } = admitted
      return replyKey ? refuseToken(messageOf(flow), detail, replyKey) : refuse(category, detail)
    }
    if (admitted.kind === 'ping') {
      activity.notePing(flow.key)
      return reply(200, sealReply(PONG, admitted.replyKey), true)
    }

    const { bytes, replyKey } = admitted
    const request = normalised(admitted.request, flow, deps.timezone)
    const id = sha256(bytes)
    const token = keptToken(request.token, flow, deps.pseudonymKey)
    const exchange = async () => {
      const answered = await answerFor(flow, request, { id, at, token, today: dayOf(at, deps.timezone) }, deps)
      if (answered.kind === 'token_refused') return { answered }
      const measured = {
        id,
        at,
        processingMs: hundredths(stopwatch() - started),
        upstreamMs: hundredths(answered.upstreamMs),
        requestBytes: bytes.byteLength,
        replyBytes: sealedBytes(Buffer.byteLength(answered.text)),
      }
      const event = trail.eventOf(flow, { request, answered, measured })
      if (!isTracked(token)) return { answered, event }
      const advanced = deps.live.advance(event, answered.change)
      // Not waited for where nothing is to be kept of it: it may have to be read from a store that is slow.
      if (flow.eventsSuffice || event.action === 'client_error') return { answered, event }
      const { session, isWhole } = await advanced
      // One that is not whole must not take the place of what is stored.
      return { answered, event, session: isWhole ? sealedOf(event, session, deps) : undefined }
    }
    const turn = isTracked(token) ? deps.takeTurn(tokenKeyOf({ flow: flow.key, token }), exchange) : exchange()
    const { answered, event, session } = await turn
    if (!event) return refuseToken(answered.message, answered.detail, replyKey)
    await trail.write(event, session)
    return reply(answered.status, sealReply(answered.text, replyKey))
  }
}

const NO_FLOW = 'there is no flow of this name'

/** Never quotes the name, which can be anything; a typo shows by the flow with a similar name. */
function unknownFlow(asked: string, flows: EndpointDeps['flows']): string {
  const meant = asked.length > LONGEST_KEY ? undefined : suggest(asked, [...flows.keys()])
  const near = meant === undefined ? '' : `; ${meant} has nearly the same name`
  return `${NO_FLOW}, which has ${lengthOf(asked)} characters${near}`
}

const LONGEST_KEY = 100

const PONG = JSON.stringify({ data: { status: 'active' } })

const messageOf = (flow: Flow): string => flow.tokens?.expiredMessage ?? 'This form is no longer available.'

/** `dropped`: how many of the submitted values the session does not remember. */
function withSessionError(answered: FlowAnswer, dropped: number): FlowAnswer {
  if (answered.kind !== 'reply' || dropped === 0) return answered
  const message = `the session is too large: ${dropped} values are not remembered, so expressions and Back do without them`
  return { ...answered, errors: [...answered.errors, { code: 'session_full', message }] }
}

type Arrival = {
  readonly id: string
  readonly at: number
  /** As it is kept. */
  readonly token: string
  readonly today: string
}

/** After a bug of ours the user stays on the screen, and the event says so. */
async function answerFor(
  flow: Flow,
  request: FlowRequest,
  { id, at, token, today }: Arrival,
  { live, gapMs, repeatWindowMs, callApi, evaluate, log }: EndpointDeps,
): Promise<FlowAnswer> {
  try {
    const screen = keptScreen(request.screen, flow)
    const isKnown = isTracked(token) && needsSession(flow, request)
    const session = isKnown ? continued(await live.get(flow.key, token, screen), at, gapMs) : undefined
    const sessionId = session?.id ?? sessionIdOf({ flow: flow.key, token, id })
    const context = { callApi, evaluate, session, sessionId, now: at, today, repeatWindowMs }
    const answered = await answer(flow, request, context)
    return withSessionError(answered, remember(session?.known ?? {}, request.data).dropped)
  } catch (error) {
    log.error({ fault: redactError(error), flow: flow.key, event: id }, 'answering failed')
    const next = screenOf(request, flow)
    return {
      kind: 'reply',
      status: 200,
      text: JSON.stringify({ version: request.version, screen: next, data: { error_message: flow.failureMessage } }),
      outcome: 'failed',
      next,
      errors: [{ code: 'internal_error', message: 'a fault of ours; the log says where, beside the id of this event' }],
      upstreamMs: 0,
      change: { input: {} },
    }
  }
}

/** For whichever process answers next: until the flow is over, and then for a second tap on its last button. */
function sealedOf(
  event: TrailEvent,
  session: LiveSession,
  { stateSeal, gapMs, repeatWindowMs }: EndpointDeps,
): SealedSession {
  const { flow, token, at } = event
  // Of one that is too large nothing is kept, and nothing older stays in its place.
  const sealed = stateSeal.seal(session, tokenKeyOf(event)) ?? ''
  return { flow, token, at, expiresAt: at + (event.next === SUCCESS ? repeatWindowMs : gapMs), sealed }
}

const hundredths = (ms: number): number => Math.round(ms * 100) / 100
