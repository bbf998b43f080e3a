// Parses an entry of the journal. We wrote it ourselves, but a disk can damage it.

import { isObject, parseJson } from '../lib/json.ts'
import { isEventId } from '../store/validate-batch.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident } from '../trail/incident.ts'

/** `event` counts in the ledger; `incident` rides along. */
export type EntryKind = 'event' | 'incident'

export type Understood =
  | { readonly kind: 'event'; readonly event: TrailEvent }
  | { readonly kind: 'incident'; readonly incident: Incident }
  /** One clause for the operator. */
  | { readonly kind: 'garbled'; readonly reason: string }

/** Checks only what the hand-over needs; the store validates events. */
export function understand({ kind, body }: { readonly kind: EntryKind; readonly body: string }): Understood {
  const found: unknown = parseJson(body)
  if (found === undefined) return { kind: 'garbled', reason: 'the entry is not JSON' }
  if (kind === 'incident')
    return isIncident(found) ? { kind, incident: found } : { kind: 'garbled', reason: 'the entry is no incident' }
  return isEvent(found)
    ? { kind, event: found }
    : { kind: 'garbled', reason: 'the entry is no event: its id is missing or damaged' }
}

const isEvent = (value: unknown): value is TrailEvent => isObject(value) && isEventId(value.id)

const isIncident = (value: unknown): value is Incident =>
  isObject(value) &&
  [value.id, value.category, value.flow, value.detail].every((text) => typeof text === 'string') &&
  Number.isSafeInteger(value.at) &&
  Number.isSafeInteger(value.count)
