// What came to the flow of the API's kit at certain instants: requests that were answered, and some that were refused.

import type { TrailEvent } from '../src/trail/event.ts'
import type { Incident } from '../src/trail/incident.ts'
import { eventOf } from './arbitrary-events.ts'

/** So many requests, a millisecond apart, each of somebody else. */
export const answeredAt = (instant: string, count: number, more: Partial<TrailEvent> = {}): TrailEvent[] =>
  Array.from({ length: count }, (_, index) =>
    eventOf({ token: `${instant} ${index}`, at: Date.parse(instant) + index, ...more }),
  )

/** What makes a request one that was refused by a rule. */
export const BY_A_RULE = { errors: [{ code: 'invalid_field', field: 'date', rule: 'min' }] }

export const refusedAt = (instant: string, more: Partial<Incident> = {}): Incident => ({
  id: `${instant} ${JSON.stringify(more)}`,
  at: Date.parse(instant),
  category: 'decrypt_failed',
  flow: 'repair-booking',
  detail: '',
  count: 1,
  ...more,
})
