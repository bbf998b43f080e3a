// One event as a row of `events`, and back.

import type { JsonObject } from '../../lib/json.ts'
import type { ReceivedEvent } from '../../rollup/kinds.ts'
import type { Action, Outcome, TrailError, TrailEvent } from '../../trail/event.ts'
import { type ErrorTuple, fromTuple, toTuple } from './error-tuple.ts'
import { packId, unpackId } from './event-id.ts'
import { fromHundredths, toHundredths } from './hundredths.ts'
import type { StringDictionary } from './string-dictionary.ts'

// Stored as the position in these lists: add at the end only.
const STORED_ACTIONS: readonly Action[] = ['init', 'submit', 'back', 'client_error']
const STORED_OUTCOMES: readonly Outcome[] = ['shown', 'rejected', 'completed', 'failed', 'acknowledged']

/** The column: null for `{}`. */
export function inputText(input: JsonObject): string | null {
  const text = JSON.stringify(input)
  return text === '{}' ? null : text
}

/** The columns of `events` but for its `number`. */
export type EventRow = ReturnType<typeof toEventRow>

export function toEventRow(event: TrailEvent, trail: number, words: StringDictionary) {
  return {
    trail,
    id: packId(event.id),
    at: event.at,
    version: words.idOf(event.version),
    action: STORED_ACTIONS.indexOf(event.action),
    screen: words.idOf(event.screen),
    next: words.idOf(event.next),
    outcome: STORED_OUTCOMES.indexOf(event.outcome),
    trigger_word: event.trigger === undefined ? null : words.idOf(event.trigger),
    sequence: event.sequence ?? null,
    input: inputText(event.input),
    fingerprint: event.fingerprint,
    /** Null for none. */
    errors: event.errors.length === 0 ? null : JSON.stringify(event.errors.map(toTuple)),
    processing: toHundredths(event.processingMs),
    upstream: toHundredths(event.upstreamMs),
    request_bytes: event.requestBytes,
    reply_bytes: event.replyBytes,
  }
}

export function fromEventRow(
  row: EventRow,
  trail: { flow: string; token: string },
  words: StringDictionary,
): TrailEvent {
  return {
    id: unpackId(row.id),
    flow: trail.flow,
    version: words.wordOf(row.version),
    token: trail.token,
    at: row.at,
    action: STORED_ACTIONS[row.action] as Action,
    screen: words.wordOf(row.screen),
    next: words.wordOf(row.next),
    outcome: outcomeFrom(row),
    ...(row.trigger_word !== null && { trigger: words.wordOf(row.trigger_word) }),
    ...(row.sequence !== null && { sequence: row.sequence }),
    input: row.input === null ? {} : (JSON.parse(row.input) as JsonObject),
    fingerprint: row.fingerprint,
    errors: errorsFrom(row),
    processingMs: fromHundredths(row.processing),
    upstreamMs: fromHundredths(row.upstream),
    requestBytes: row.request_bytes,
    replyBytes: row.reply_bytes,
  }
}

/** The part of an event that its aggregates need: it is read by the thousand. */
export type ReceivedRow = Pick<
  EventRow,
  'version' | 'at' | 'screen' | 'next' | 'outcome' | 'errors' | 'processing' | 'request_bytes' | 'reply_bytes'
> & { readonly token: string; readonly segment: number }

export const RECEIVED_COLUMNS =
  'token, segment, version, at, screen, next, outcome, errors, processing, request_bytes, reply_bytes'

export const fromReceivedRow = (row: ReceivedRow, words: StringDictionary): ReceivedEvent => ({
  version: words.wordOf(row.version),
  token: row.token,
  isShared: row.segment < 0,
  at: row.at,
  screen: words.wordOf(row.screen),
  next: words.wordOf(row.next),
  outcome: outcomeFrom(row),
  errors: errorsFrom(row),
  processingMs: fromHundredths(row.processing),
  requestBytes: row.request_bytes,
  replyBytes: row.reply_bytes,
})

const outcomeFrom = ({ outcome }: Pick<EventRow, 'outcome'>): Outcome => STORED_OUTCOMES[outcome] as Outcome

const errorsFrom = ({ errors }: Pick<EventRow, 'errors'>): TrailError[] =>
  errors === null ? [] : (JSON.parse(errors) as ErrorTuple[]).map(fromTuple)
