// Writes the trail of what a tap let pass: opens request and reply, and tells what they mean.

import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { type AnswerContext, acknowledge, answer, needsSession, sceneOf } from '../flow/answer.ts'
import type { CallApi } from '../flow/call-api.ts'
import { WouldDo } from '../flow/calls.ts'
import { differencesOf } from '../flow/compare-replies.ts'
import { type Change, continued } from '../flow/live-session.ts'
import { type ObservedReply, observedClosing, observedFailure, observedReply, readSent } from '../flow/observed.ts'
import { dayOf } from '../lib/days.ts'
import { sha256 } from '../lib/ids.ts'
import { createInOrder } from '../lib/in-order.ts'
import { keptToken } from '../privacy/flow-token.ts'
import type { PseudonymKey } from '../privacy/pseudonym.ts'
import { keptScreen } from '../privacy/stored-event.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import { sessionIdOf } from '../trail/derive-sessions.ts'
import { isTracked } from '../trail/event.ts'
import type { IncidentCategory } from '../trail/incident.ts'
import { openReply, type ReplyKey } from '../wire/envelope.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { Activity } from './activity.ts'
import type { Comparing } from './comparison.ts'
import type { EndpointMetrics } from './endpoint-metrics.ts'
import { declaredBy, normalised } from './flow-request.ts'
import type { IncidentLog } from './incident-log.ts'
import type { LiveSessions } from './live-sessions.ts'
import { type OpeningDeps, openRequest, SIGNATURE_HEADER } from './open-request.ts'
import type { Tapped } from './tap.ts'
import type { TrailWriter } from './trail-writer.ts'
import type { TakeTurn } from './turns.ts'

/** Rejects only because of a fault of ours. Returns whether the request was a health check. */
export type Observe = (tapped: Tapped) => Promise<boolean>

export type ObserveDeps = OpeningDeps & {
  readonly pseudonymKey: PseudonymKey
  readonly gapMs: number
  readonly repeatWindowMs: number
  readonly timezone: string
  readonly evaluate: AnswerContext['evaluate']
  readonly callApi: CallApi
  readonly live: LiveSessions
  readonly takeTurn: TakeTurn
  readonly comparing: Pick<Comparing, 'note'>
  readonly activity: Pick<Activity, 'notePing'>
  readonly trail: TrailWriter
  readonly incidents: Pick<IncidentLog, 'record'>
  readonly metrics: Pick<EndpointMetrics, 'observeIncident'>
}

export function createObserve(deps: ObserveDeps): Observe {
  // Some take longer to open than others, and only then is it known whose turn it is.
  const inOrder = createInOrder()
  return async (tapped) => {
    const { flow, request: bytes, requestHeaders, reply } = tapped
    const refuse = (category: IncidentCategory, detail: string): false => {
      deps.incidents.record(category, flow.key, detail)
      deps.metrics.observeIncident(category)
      return false
    }
    const opened = await inOrder(openRequest(bytes, requestHeaders.get(SIGNATURE_HEADER), declaredBy(flow), deps))
    if (opened.kind === 'refused') return refuse(opened.category, opened.detail)
    const refused = reply && REFUSED[reply.status]
    if (refused) return refuse(refused, `the endpoint answered ${reply.status}`)
    if (opened.kind === 'ping') {
      deps.activity.notePing(flow.key)
      return true
    }
    const request = normalised(opened.request, flow, deps.timezone)
    const token = keptToken(request.token, flow, deps.pseudonymKey)
    const exchange = { request, id: sha256(bytes), token, replyKey: opened.replyKey }
    if (reply?.status === 427 && request.action === 'init') {
      if (flow.tap?.isCompared) await compareClosing(tapped, exchange, deps)
      return refuse('token_refused', 'the endpoint closed the flow on opening')
    }
    const work = () => record(tapped, exchange, deps)
    await (isTracked(token) ? deps.takeTurn(tokenKeyOf({ flow: flow.key, token }), work) : work())
    return false
  }
}

/** What these statuses tell the phone. */
const REFUSED: { readonly [status: number]: IncidentCategory } = { 421: 'decrypt_failed', 432: 'bad_signature' }

type Exchange = {
  readonly request: FlowRequest
  readonly id: string
  /** As it is kept. */
  readonly token: string
  readonly replyKey: ReplyKey
}

async function record(tapped: Tapped, exchange: Exchange, deps: ObserveDeps): Promise<void> {
  const { flow, at, request: bytes, reply, ms } = tapped
  const { request, id, token } = exchange
  const context = await contextOf(tapped, exchange, deps)
  const answered = await meaningOf(tapped, exchange, context)
  const ours =
    flow.tap?.isCompared && answered.text !== '' ? await compare(tapped, request, context, answered, deps) : {}
  const event = deps.trail.eventOf(flow, {
    request,
    answered,
    measured: {
      id,
      at,
      processingMs: hundredths(ms),
      upstreamMs: hundredths(ms),
      requestBytes: bytes.byteLength,
      replyBytes: reply?.bytes.byteLength ?? 0,
    },
  })
  const { error_message: _, ...sent } = answered.text === '' ? {} : readSent(answered.text).data
  if (flow.tap?.usesSession && isTracked(token))
    void deps.live.advance(event, { ...ours, input: request.data, sent }).catch(() => {})
  await deps.trail.write(event)
}

async function contextOf(
  { flow, at }: Tapped,
  { request, id, token }: Exchange,
  deps: ObserveDeps,
): Promise<AnswerContext> {
  const { live, gapMs, repeatWindowMs, evaluate, callApi, timezone } = deps
  const isKnown = flow.tap?.usesSession && isTracked(token) && needsSession(flow, request)
  const found = isKnown ? await live.get(flow.key, token, keptScreen(request.screen, flow)) : undefined
  const session = continued(found, at, gapMs)
  const sessionId = session?.id ?? sessionIdOf({ flow: flow.key, token, id })
  return { session, sessionId, now: at, today: dayOf(at, timezone), repeatWindowMs, evaluate, callApi }
}

async function meaningOf(
  { flow, reply, failure, ms }: Tapped,
  { request, replyKey }: Exchange,
  context: AnswerContext,
): Promise<ObservedReply> {
  const failed = (code: string, message: string) => observedFailure(request, { code, message }, ms)
  if (!reply) return failed(failure?.code ?? 'upstream_unreachable', failure?.message ?? 'did not answer')
  const { status } = reply
  if (request.action === 'client_error' && status === 200) return acknowledge(request)
  if (status !== 200 && status !== 427) return failed('upstream_status', `answered ${status}`)
  const body = bodyOf(reply)
  if (body === undefined) return failed('upstream_body', 'sent a reply that is not compressed as it says')
  const text = openReply(body, replyKey)
  if (status === 427) return observedClosing(request, text ?? '', ms)
  if (text === undefined) return failed('upstream_body', 'sent a reply that the request’s key does not open')
  const { evaluate } = context
  return observedReply(flow, request, { text, upstreamMs: ms, evaluate, scope: sceneOf(flow, request, context).scope })
}

/** Works out what the config would have answered. What it changes in the session is needed for its next answer. */
async function compare(
  { flow, at }: Tapped,
  request: FlowRequest,
  context: AnswerContext,
  theirs: ObservedReply,
  { comparing }: ObserveDeps,
): Promise<Partial<Change>> {
  if (request.action === 'client_error') return {}
  const place = { action: request.action, screen: keptScreen(request.screen, flow) }
  const common = { ...place, flow: flow.key, version: flow.version, at, session: context.sessionId }
  try {
    const ours = await answer(flow, request, { ...context, isRehearsal: true })
    if (ours.kind === 'token_refused') {
      comparing.note({ ...common, result: { differences: theirs.status === 427 ? [] : [CLOSED] } })
      return {}
    }
    comparing.note({ ...common, result: { differences: differencesOf(ours.text, theirs.text) } })
    return ours.change
  } catch (error) {
    const skipped = error instanceof WouldDo ? `it would call ${error.message}` : 'a fault of ours'
    comparing.note({ ...common, result: { skipped } })
    return {}
  }
}

/** Nothing of it goes into the trail. */
async function compareClosing(tapped: Tapped, exchange: Exchange, deps: ObserveDeps): Promise<void> {
  const context = await contextOf(tapped, exchange, deps)
  await compare(tapped, exchange.request, context, await meaningOf(tapped, exchange, context), deps)
}

const CLOSED = { name: 'screen', found: 'the config closes the flow, the endpoint does not' }

/** As the phone reads it; undefined if it cannot. */
function bodyOf({ bytes, headers }: NonNullable<Tapped['reply']>): string | undefined {
  const unpack = UNPACK[(headers.get('content-encoding') ?? '').trim().toLowerCase()]
  try {
    return (unpack ? unpack(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }) : Buffer.from(bytes)).toString()
  } catch {
    return undefined
  }
}

const UNPACK: { readonly [encoding: string]: typeof gunzipSync } = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

const MAX_UNPACKED_BYTES = 4 * 1024 * 1024

const hundredths = (ms: number): number => Math.round(ms * 100) / 100
