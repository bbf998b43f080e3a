// What an exported row says, in the words of the field.

import type { Json, JsonObject } from '../lib/json.ts'
import type { TrailError, TrailEvent } from './event.ts'
import { endingOf, type Session } from './session.ts'

/** One exported row: its keys are the columns, in their order. */
export type Row = JsonObject

export const EVENT_COLUMNS = [
  'event_id',
  'flow_token',
  'session_id',
  'flow',
  'flow_version',
  'action',
  'screen_name',
  'next_screen',
  'outcome',
  'trigger',
  'input_values',
  'error_code',
  'error_field',
  'error_rule',
  'error_message',
  'processing_time_ms',
  'upstream_time_ms',
  'request_bytes',
  'reply_bytes',
  'received_at',
] as const

export const SESSION_COLUMNS = [
  'session_id',
  'flow_token',
  'flow',
  'flow_version',
  'ending',
  'started_at',
  'last_at',
  'completed_at',
  'duration_ms',
  'exit_screen',
  'furthest_step',
  'path',
  'events',
  'repeats',
  'rejects',
  'backs',
  'reopens',
  'client_errors',
  'dwell_ms',
  'choices',
] as const

/** `sessionId`: undefined for events that belong to no session. */
export function eventRow(event: TrailEvent, sessionId: string | undefined): Record<EventColumn, Json> {
  return {
    event_id: event.id,
    flow_token: event.token,
    session_id: sessionId ?? null,
    flow: event.flow,
    flow_version: event.version,
    action: event.action,
    screen_name: event.screen,
    next_screen: event.next,
    outcome: event.outcome,
    trigger: event.trigger ?? null,
    input_values: event.input,
    error_code: joined(event.errors, 'code'),
    error_field: joined(event.errors, 'field'),
    error_rule: joined(event.errors, 'rule'),
    error_message: joined(event.errors, 'message'),
    processing_time_ms: event.processingMs,
    upstream_time_ms: event.upstreamMs,
    request_bytes: event.requestBytes,
    reply_bytes: event.replyBytes,
    received_at: iso(event.at),
  }
}

/** `furthest_step` counts from 1; 0 is a session that reached none. */
export function sessionRow(session: Session, now: number, lostAfterMs: number): Record<SessionColumn, Json> {
  return {
    session_id: session.id,
    flow_token: session.token,
    flow: session.flow,
    flow_version: session.version,
    ending: endingOf(session, now, lostAfterMs),
    started_at: iso(session.startedAt),
    last_at: iso(session.lastAt),
    completed_at: session.completedAt === undefined ? null : iso(session.completedAt),
    duration_ms: session.lastAt - session.startedAt,
    exit_screen: session.exit,
    furthest_step: session.furthest + 1,
    path: session.steps.map((step) => step.screen).join(' > '),
    events: session.counts.events,
    repeats: session.counts.repeats,
    rejects: session.counts.rejects,
    backs: session.counts.backs,
    reopens: session.counts.reopens,
    client_errors: session.counts.clientErrors,
    dwell_ms: session.steps.reduce((sum, step) => sum + step.dwellMs, 0),
    choices: session.choices,
  }
}

type EventColumn = (typeof EVENT_COLUMNS)[number]
type SessionColumn = (typeof SESSION_COLUMNS)[number]

/** Several errors share the cell in their order, so that the nth code, field and rule belong together. */
function joined(errors: readonly TrailError[], key: keyof TrailError): string | null {
  const values = errors.map((error) => error[key] ?? '')
  return values.some((value) => value !== '') ? values.join('; ') : null
}

const iso = (at: number): string => new Date(at).toISOString()
