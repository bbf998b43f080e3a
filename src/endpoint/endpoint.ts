// The data endpoint: signature → open → answer → journal → seal. Nothing else happens while a user waits.

import { type Answer, answer, needsSession } from '../flow/answer.ts'
import type { Flow } from '../flow/definition.ts'
import type { Evaluate } from '../flow/expression.ts'
import { continued } from '../flow/live.ts'
import type { AskSource } from '../flow/show.ts'
import { isoDay } from '../flow/types.ts'
import type { Clock, Stopwatch } from '../lib/clock.ts'
import { sha256 } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { PolicyRules } from '../privacy/policy.ts'
import { applyPolicy, fingerprintOf } from '../privacy/policy.ts'
import { sessionIdOf } from '../trail/derive.ts'
import { isTracked, type TrailEvent } from '../trail/event.ts'
import type { IncidentCategory } from '../trail/incident.ts'
import { type ReplyKey, sealedBytes, sealReply } from '../wire/envelope.ts'
import type { FlowRequest } from '../wire/request.ts'
import { type AdmissionDeps, admit } from './admit.ts'
import type { IncidentLog } from './incidents.ts'
import type { LiveSessions } from './live-sessions.ts'

export type EndpointDeps = AdmissionDeps & {
  readonly flows: ReadonlyMap<string, Flow>
  readonly policy: PolicyRules
  readonly gapMs: number
  readonly timezone: string
  readonly ask: AskSource
  readonly evaluate: Evaluate
  readonly live: LiveSessions
  readonly incidents: IncidentLog
  readonly metrics: EndpointMetrics
  /** Resolves when the event is written down; rejects when it cannot be. */
  readonly append: (event: TrailEvent) => Promise<void>
  readonly clock: Clock
  readonly stopwatch: Stopwatch
  readonly log: Log
}

/** What is counted of each request; `flow` is the one asked for, of ours or not. */
export type EndpointMetrics = {
  observeReply(reply: {
    readonly flow: string
    readonly status: number
    readonly ms: number
    readonly isPing: boolean
  }): void
  observeIncident(category: IncidentCategory): void
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

/** Meta's sample sends nothing with these two; a sender without the secret or the key is told nothing either. */
const BODIES: { readonly [category in IncidentCategory]?: string } = { bad_signature: '', decrypt_failed: '' }

/** A disk that does not answer must not cost the user the form: after this time we reply without waiting for it. */
const JOURNAL_PATIENCE_MS = 2_000

export type Endpoint = (flowKey: string, request: Request) => Promise<Response>

export function createEndpoint(deps: EndpointDeps): Endpoint {
  const { flows, incidents, metrics, clock, stopwatch } = deps
  const dayIn = dayFormatter(deps.timezone)

  return async (flowKey, http) => {
    const at = clock()
    const started = stopwatch()

    const reply = (status: number, body: string, isPing = false): Response => {
      metrics.observeReply({ flow: flowKey, status, ms: stopwatch() - started, isPing })
      return plain(status, body)
    }
    const refuse = (category: IncidentCategory, detail: string, body = BODIES[category] ?? detail): Response => {
      incidents.record(category, flowKey, detail)
      metrics.observeIncident(category)
      return reply(STATUS[category], body)
    }
    const refuseToken = (message: string, detail: string, key: ReplyKey): Response =>
      refuse('token_refused', detail, sealReply(JSON.stringify({ error_msg: message }), key))

    const flow = flows.get(flowKey)
    if (!flow) return refuse('unknown_flow', 'there is no flow of this name')

    const admitted = await admit(http, deps)
    if (admitted.kind === 'refused') {
      const { category, detail, replyKey } = admitted
      return replyKey ? refuseToken(messageOf(flow), detail, replyKey) : refuse(category, detail)
    }
    if (admitted.kind === 'ping') return reply(200, sealReply(PONG, admitted.replyKey), true)

    const { request, bytes, replyKey } = admitted
    const id = sha256(bytes)
    const answered = await answerFor(flow, request, { id, at, today: dayIn(at) }, deps)
    if (answered.kind === 'token_refused') return refuseToken(messageOf(flow), answered.detail, replyKey)

    const measured = { id, at, processingMs: stopwatch() - started, requestBytes: bytes.byteLength }
    const event = eventOf(flow, request, answered, deps.policy, measured)
    if (isTracked(request.token)) deps.live.advance(event, request.data)
    await writeDown(event, deps)
    return reply(200, sealReply(answered.text, replyKey))
  }
}

const PONG = JSON.stringify({ data: { status: 'active' } })

const messageOf = (flow: Flow): string => flow.tokens?.expiredMessage ?? 'This form is no longer available.'

type Arrival = { readonly id: string; readonly at: number; readonly today: string }

/** A bug of ours must not cost the user the form either: they stay where they are, and the event says so. */
async function answerFor(
  flow: Flow,
  request: FlowRequest,
  { id, at, today }: Arrival,
  { live, gapMs, ask, evaluate, log }: EndpointDeps,
): Promise<Answer> {
  try {
    const isKnown = isTracked(request.token) && needsSession(flow, request)
    const session = isKnown ? continued(await live.get(flow.key, request.token, request.screen), at, gapMs) : undefined
    const sessionId = session?.id ?? sessionIdOf({ flow: flow.key, token: request.token, id })
    return await answer(flow, request, { ask, evaluate, session, sessionId, now: at, today })
  } catch (error) {
    log.error({ err: error, flow: flow.key, event: id }, 'answering failed')
    const next = flow.screens.has(request.screen) ? request.screen : flow.start
    return {
      kind: 'reply',
      text: JSON.stringify({ version: request.version, screen: next, data: { error_message: flow.failureMessage } }),
      outcome: 'failed',
      next,
      // The error itself is in the log: its message can quote what people typed.
      errors: [{ code: 'internal_error', message: `answering failed: ${(error as Error).name}` }],
      upstreamMs: 0,
    }
  }
}

function eventOf(
  flow: Flow,
  request: FlowRequest,
  answered: Answer & { kind: 'reply' },
  policy: PolicyRules,
  measured: Pick<TrailEvent, 'id' | 'at' | 'processingMs' | 'requestBytes'>,
): TrailEvent {
  const { text, outcome, next, errors, trigger, sequence, upstreamMs } = answered
  const isReport = request.action === 'client_error'
  return {
    id: measured.id,
    flow: flow.key,
    version: flow.version,
    token: request.token,
    at: measured.at,
    action: request.action,
    screen: request.screen,
    next,
    outcome,
    ...(trigger !== undefined && { trigger }),
    ...(sequence !== undefined && { sequence }),
    input: isReport ? {} : applyPolicy(request.data, flow.screens.get(request.screen)?.fields ?? [], policy),
    fingerprint: fingerprintOf(request.data, policy.key),
    errors,
    processingMs: hundredths(measured.processingMs),
    upstreamMs: hundredths(upstreamMs),
    requestBytes: measured.requestBytes,
    replyBytes: sealedBytes(Buffer.byteLength(text)),
  }
}

const hundredths = (ms: number): number => Math.round(ms * 100) / 100

/** Waits for the journal, but not for ever; what it could not write is counted in the ledger. */
async function writeDown(event: TrailEvent, { append, log }: EndpointDeps): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, JOURNAL_PATIENCE_MS)
  })
  const written = append(event).catch((error: unknown) => {
    log.error({ err: error, event: event.id }, 'the event could not be journaled; the user is answered all the same')
  })
  await Promise.race([written, patience])
  clearTimeout(timer)
}

/** The day at an instant, `YYYY-MM-DD`, where the business is. */
function dayFormatter(timezone: string): (at: number) => string {
  if (timezone === 'UTC') return isoDay
  // Sweden writes days the ISO way.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' })
  return (at) => format.format(at)
}

const plain = (status: number, body: string): Response =>
  new Response(body, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
