// One event as a line of an archive, and back. Its fields are those of the event, in a fixed order: equal events are equal bytes.

import type { TrailEvent } from '../trail/event.ts'

export function lineOf(event: TrailEvent): string {
  const line = FIELDS.map((field) => [field, event[field]] as const).filter(([, value]) => value !== undefined)
  return `${JSON.stringify(Object.fromEntries(line))}\n`
}

/** Of a line that is known to be whole. */
export const eventOfLine = (line: string): TrailEvent => JSON.parse(line) as TrailEvent

/** Only the fields of an event, whatever else there is; unchecked. */
export const eventOfObject = (object: { readonly [field: string]: unknown }): unknown =>
  Object.fromEntries(FIELDS.flatMap((field) => (object[field] === undefined ? [] : [[field, object[field]]])))

const FIELDS = Object.keys({
  id: true,
  flow: true,
  version: true,
  token: true,
  at: true,
  action: true,
  screen: true,
  next: true,
  outcome: true,
  trigger: true,
  sequence: true,
  input: true,
  fingerprint: true,
  errors: true,
  processingMs: true,
  upstreamMs: true,
  requestBytes: true,
  replyBytes: true,
  // So that no field of an event can be forgotten here.
} satisfies Record<keyof TrailEvent, true>) as (keyof TrailEvent)[]
