// One event as a line of an archive, and back. Its fields are those of the event, in a fixed order: equal events are equal bytes.

import { EVENT_FIELDS } from '../store/validate-batch.ts'
import type { TrailEvent } from '../trail/event.ts'

export function lineOf(event: TrailEvent): string {
  const line = EVENT_FIELDS.map((field) => [field, event[field]] as const).filter(([, value]) => value !== undefined)
  return `${JSON.stringify(Object.fromEntries(line))}\n`
}

/** Of a line that is known to be whole. */
export const eventOfLine = (line: string): TrailEvent => JSON.parse(line) as TrailEvent

/** Only the fields of an event, whatever else there is; unchecked. */
export const eventOfObject = (object: { readonly [field: string]: unknown }): unknown =>
  Object.fromEntries(EVENT_FIELDS.flatMap((field) => (object[field] === undefined ? [] : [[field, object[field]]])))
