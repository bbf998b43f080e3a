// One event as a document of `events`, and back.

import type { JsonObject } from '../../lib/json.ts'
import type { TrailError, TrailEvent } from '../../trail/event.ts'

export type EventDocument = Omit<TrailEvent, 'id' | 'input' | 'errors'> & {
  readonly _id: string
  /** JSON, because keys and depths that people send are not all to MongoDB's liking. Absent for `{}`. */
  readonly input?: string
  /** JSON. Absent for none. */
  readonly errors?: string
}

/** Field by field: whatever else an event brings with it must not get in the way of the rest of its batch. */
export function toEventDocument(event: TrailEvent): EventDocument {
  const { input, errors, trigger, sequence } = event
  return {
    _id: event.id,
    flow: event.flow,
    version: event.version,
    token: event.token,
    at: event.at,
    action: event.action,
    screen: event.screen,
    next: event.next,
    outcome: event.outcome,
    ...(trigger !== undefined && { trigger }),
    ...(sequence !== undefined && { sequence }),
    ...(Object.keys(input).length > 0 && { input: JSON.stringify(input) }),
    fingerprint: event.fingerprint,
    ...(errors.length > 0 && { errors: JSON.stringify(errors) }),
    processingMs: event.processingMs,
    upstreamMs: event.upstreamMs,
    requestBytes: event.requestBytes,
    replyBytes: event.replyBytes,
  }
}

export function fromEventDocument({ _id, input, errors, ...rest }: EventDocument): TrailEvent {
  return {
    id: _id,
    ...rest,
    input: input === undefined ? {} : (JSON.parse(input) as JsonObject),
    errors: errors === undefined ? [] : (JSON.parse(errors) as TrailError[]),
  }
}
