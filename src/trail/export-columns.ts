// The columns of exported rows, in their order.

import type { Json, JsonObject } from '../lib/json.ts'
import type { TrailError, TrailEvent } from './event.ts'
import { endingOf, type Session } from './session.ts'

/** One exported row: its keys are the columns. */
export type Row = JsonObject

type Columns<Item extends unknown[]> = { readonly [column: string]: (...item: Item) => Json }

/** `sessionId`: undefined if the event belongs to no session. */
const OF_EVENT: Columns<[event: TrailEvent, sessionId: string | undefined]> = {
  event_id: (event) => event.id,
  flow_token: (event) => event.token,
  session_id: (_, sessionId) => sessionId ?? null,
  flow: (event) => event.flow,
  flow_version: (event) => event.version,
  action: (event) => event.action,
  screen_name: (event) => event.screen,
  next_screen: (event) => event.next,
  outcome: (event) => event.outcome,
  trigger: (event) => event.trigger ?? null,
  input_values: (event) => event.input,
  error_code: (event) => joined(event.errors, 'code'),
  error_field: (event) => joined(event.errors, 'field'),
  error_rule: (event) => joined(event.errors, 'rule'),
  error_message: (event) => joined(event.errors, 'message'),
  processing_time_ms: (event) => event.processingMs,
  upstream_time_ms: (event) => event.upstreamMs,
  request_bytes: (event) => event.requestBytes,
  reply_bytes: (event) => event.replyBytes,
  received_at: (event) => iso(event.at),
  sequence: (event) => event.sequence ?? null,
  fingerprint: (event) => event.fingerprint,
  // What the columns above have in words: with these three, `import-row.ts` has the whole event back.
  errors: (event) => event.errors,
}

const OF_SESSION: Columns<[session: Session, now: number, lostAfterMs: number]> = {
  session_id: (session) => session.id,
  flow_token: (session) => session.token,
  flow: (session) => session.flow,
  flow_version: (session) => session.version,
  ending: endingOf,
  started_at: (session) => iso(session.startedAt),
  last_at: (session) => iso(session.lastAt),
  completed_at: (session) => (session.completedAt === undefined ? null : iso(session.completedAt)),
  duration_ms: (session) => (session.completedAt ?? session.lastAt) - session.startedAt,
  // The last one there was, also after the completion, which `Session.exit` does not count.
  exit_screen: (session) => session.steps.at(-1)?.screen ?? '',
  // Counts from 1; 0 if the session reached none.
  furthest_step: (session) => session.furthest + 1,
  path: (session) => session.steps.map((step) => step.screen).join(' > '),
  events: (session) => session.counts.events,
  repeats: (session) => session.counts.repeats,
  rejects: (session) => session.counts.rejects,
  backs: (session) => session.counts.backs,
  reopens: (session) => session.counts.reopens,
  client_errors: (session) => session.counts.clientErrors,
  dwell_ms: (session) => session.steps.reduce((sum, step) => sum + step.dwellMs, 0),
  choices: (session) => session.choices,
}

export const EVENT_COLUMNS: readonly string[] = Object.keys(OF_EVENT)
export const SESSION_COLUMNS: readonly string[] = Object.keys(OF_SESSION)

export const eventRow = (event: TrailEvent, sessionId: string | undefined): Row => rowOf(OF_EVENT, event, sessionId)

export const sessionRow = (session: Session, now: number, lostAfterMs: number): Row =>
  rowOf(OF_SESSION, session, now, lostAfterMs)

const rowOf = <Item extends unknown[]>(columns: Columns<Item>, ...item: Item): Row =>
  Object.fromEntries(Object.entries(columns).map(([column, read]) => [column, read(...item)]))

/** Several errors share the cell in their order, so that the nth code, field and rule belong together. */
function joined(errors: readonly TrailError[], key: keyof TrailError): string | null {
  const values = errors.map((error) => error[key] ?? '')
  return values.some((value) => value !== '') ? values.join('; ') : null
}

const iso = (at: number): string => new Date(at).toISOString()
