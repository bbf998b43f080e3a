// One event as a document of `events`, and back.

import type { JsonObject } from '../../lib/json.ts'
import type { ReceivedEvent } from '../../rollup/kinds.ts'
import type { TrailError, TrailEvent } from '../../trail/event.ts'

export type EventDocument = Omit<TrailEvent, 'id' | 'input' | 'errors'> & {
  readonly _id: string
  /** Of the token; see `segment.ts`. */
  readonly segment: number
  /** JSON, because MongoDB does not take every key and depth that people send. Absent for `{}`. */
  readonly input?: string
  /** JSON. Absent for none. */
  readonly errors?: string
}

/** The field: absent for `{}`. */
export function inputText(input: JsonObject): string | undefined {
  const text = JSON.stringify(input)
  return text === '{}' ? undefined : text
}

/** Field by field: an unknown field of an event must not fail the rest of its batch. */
export function toEventDocument(event: TrailEvent, segment: number): EventDocument {
  const { errors, trigger, sequence } = event
  const input = inputText(event.input)
  return {
    _id: event.id,
    flow: event.flow,
    version: event.version,
    token: event.token,
    segment,
    at: event.at,
    action: event.action,
    screen: event.screen,
    next: event.next,
    outcome: event.outcome,
    ...(trigger !== undefined && { trigger }),
    ...(sequence !== undefined && { sequence }),
    ...(input !== undefined && { input }),
    fingerprint: event.fingerprint,
    ...(errors.length > 0 && { errors: JSON.stringify(errors) }),
    processingMs: event.processingMs,
    upstreamMs: event.upstreamMs,
    requestBytes: event.requestBytes,
    replyBytes: event.replyBytes,
  }
}

export function fromEventDocument({ _id, segment: _, input, errors, ...rest }: EventDocument): TrailEvent {
  return {
    id: _id,
    ...rest,
    input: input === undefined ? {} : (JSON.parse(input) as JsonObject),
    errors: errorsFrom(errors),
  }
}

/** The part of an event that its aggregates need: it is read by the thousand. */
export type ReceivedDocument = Omit<ReceivedEvent, 'errors' | 'isShared'> & Pick<EventDocument, 'errors' | 'segment'>

export const RECEIVED_FIELDS = {
  _id: 0,
  version: 1,
  token: 1,
  segment: 1,
  at: 1,
  screen: 1,
  next: 1,
  outcome: 1,
  errors: 1,
  processingMs: 1,
  requestBytes: 1,
  replyBytes: 1,
} as const satisfies { readonly [field in keyof ReceivedDocument | '_id']: 0 | 1 }

export const fromReceivedDocument = ({ errors, segment, ...rest }: ReceivedDocument): ReceivedEvent => ({
  ...rest,
  isShared: segment < 0,
  errors: errorsFrom(errors),
})

const errorsFrom = (errors: string | undefined): TrailError[] =>
  errors === undefined ? [] : (JSON.parse(errors) as TrailError[])
