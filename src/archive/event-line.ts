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

/** `Record` so that no field of an event can be forgotten here. */
const ORDER: Record<keyof TrailEvent, number> = {
  id: 1,
  flow: 2,
  version: 3,
  token: 4,
  at: 5,
  action: 6,
  screen: 7,
  next: 8,
  outcome: 9,
  trigger: 10,
  sequence: 11,
  input: 12,
  fingerprint: 13,
  errors: 14,
  processingMs: 15,
  upstreamMs: 16,
  requestBytes: 17,
  replyBytes: 18,
}

const FIELDS = Object.keys(ORDER) as (keyof TrailEvent)[]
