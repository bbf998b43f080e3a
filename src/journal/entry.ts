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

/** Checks only what the hand-over needs; the store validates events. Of an event without its time, flow or token nothing else is taken. */
export function understand({ kind, body }: { readonly kind: EntryKind; readonly body: string }): Understood {
  const end = body.indexOf('\n')
  const found: unknown = parseJson(end < 0 ? body : body.slice(0, end))
  if (found === undefined) return { kind: 'garbled', reason: 'the entry is not JSON' }
  if (kind === 'incident')
    return isIncident(found) ? { kind, incident: found } : { kind: 'garbled', reason: 'the entry is no incident' }
  if (!isEvent(found)) return { kind: 'garbled', reason: 'the entry is no event: its id is missing or damaged' }
  const session = end < 0 ? undefined : sessionIn(body.slice(end + 1), found)
  return { kind: 'event', event: found, ...(session && { session }) }
}

/** The event as JSON; in a line of its own what its session said. */
export const bodyOf = (event: TrailEvent, session?: SealedSession): string =>
  session ? `${JSON.stringify(event)}\n${session.expiresAt} ${session.sealed}` : JSON.stringify(event)

function sessionIn(line: string, { flow, token, at }: TrailEvent): SealedSession | undefined {
  const space = line.indexOf(' ')
  const expiresAt = Number(line.slice(0, space))
  const isWhole = [at, expiresAt].every(Number.isSafeInteger) && [flow, token].every((key) => typeof key === 'string')
  return space > 0 && isWhole ? { flow, token, at, expiresAt, sealed: line.slice(space + 1) } : undefined
}

const isEvent = (value: unknown): value is TrailEvent => isObject(value) && isEventId(value.id)

const isIncident = (value: unknown): value is Incident =>
  isObject(value) &&
  [value.id, value.category, value.flow, value.detail].every((text) => typeof text === 'string') &&
  Number.isSafeInteger(value.at) &&
  Number.isSafeInteger(value.count)
