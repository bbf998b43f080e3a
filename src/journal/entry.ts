// Parses an entry of the journal. We wrote it ourselves, but a disk can damage it.

import { isObject, parseJson } from '../lib/json.ts'
import type { SealedSession } from '../store/sealed-session.ts'
import { isEventId } from '../store/validate-batch.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { Incident } from '../trail/incident.ts'

/** `event` counts in the ledger; `incident` rides along. */
export type EntryKind = 'event' | 'incident'

export type Understood =
  /** `session`: what its session said until then. */
  | { readonly kind: 'event'; readonly event: TrailEvent; readonly session?: SealedSession }
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
    ? eventIn(found)
    : { kind: 'garbled', reason: 'the entry is no event: its id is missing or damaged' }
}

/** An event, and beside its own fields what its session said. */
export const bodyOf = (event: TrailEvent, session?: SealedSession): string =>
  JSON.stringify(session ? { ...event, [SESSION]: { expiresAt: session.expiresAt, sealed: session.sealed } } : event)

/** No field of an event has this name. */
const SESSION = 'session'

function eventIn(body: TrailEvent): Understood {
  const { [SESSION]: session, ...event } = body as TrailEvent & { readonly [SESSION]?: unknown }
  if (!isObject(session) || typeof session.sealed !== 'string') return { kind: 'event', event }
  const { flow, token, at } = event
  const { sealed, expiresAt } = session
  return { kind: 'event', event, session: { flow, token, at, sealed, expiresAt: Number(expiresAt) } }
}

const isEvent = (value: unknown): value is TrailEvent => isObject(value) && isEventId(value.id)

const isIncident = (value: unknown): value is Incident =>
  isObject(value) &&
  [value.id, value.category, value.flow, value.detail].every((text) => typeof text === 'string') &&
  Number.isSafeInteger(value.at) &&
  Number.isSafeInteger(value.count)
