// Until when hours are frozen: their rollups stay what they are, because what they were computed from is removed, or may be. Both
// stores keep it as a document, so that it is removed, copied and restored along with everything else.

import type { Json } from '../lib/json.ts'
import { DAY_MS, HOUR_MS } from '../lib/units.ts'
import type { Span } from '../rollup/time.ts'

/** Instants at full hours, milliseconds since the epoch; `NEVER` where nothing is frozen. */
export type Frozen = {
  /** Rollups of events. Sessions that ended before stay as they are, too: they outlive their events. */
  readonly eventsBefore: number
  /** Rollups of sessions, by when these began. At most `eventsBefore`. */
  readonly sessionsBefore: number
}

/** Hours with a rollup; `from` and `until` are absent where there is none. */
export type OldRollups = { readonly hours: number; readonly from?: number; readonly until?: number }

export const FROZEN = { kind: 'retention', key: 'frozen' } as const

/** A full hour before every instant: clocks can be wrong by decades. */
export const NEVER = -2_000_000_000 * HOUR_MS

export const NOTHING_FROZEN: Frozen = { eventsBefore: NEVER, sessionsBefore: NEVER }

/** As stored by `FROZEN`. */
export function frozenIn(value: Json | undefined): Frozen {
  if (value === undefined) return NOTHING_FROZEN
  const { eventsBefore, sessionsBefore } = value as { readonly [name: string]: Json }
  return { eventsBefore: Number(eventsBefore), sessionsBefore: Number(sessionsBefore) }
}

/** Neither ever goes back. */
export const laterOf = (a: Frozen, b: Frozen): Frozen => ({
  eventsBefore: Math.max(a.eventsBefore, b.eventsBefore),
  sessionsBefore: Math.max(a.sessionsBefore, b.sessionsBefore),
})

export const isFrozenHour = (hour: number, before: number): boolean => (hour + 1) * HOUR_MS <= before

/** What of these spans is frozen, and what is left. */
export function splitAll<S extends Span>(
  spans: readonly S[],
  before: number,
): { readonly kept: S[]; readonly left: S[] } {
  return {
    kept: spans.filter(({ from }) => from < before).map((span) => ({ ...span, until: Math.min(span.until, before) })),
    left: spans.filter(({ until }) => until > before).map((span) => ({ ...span, from: Math.max(span.from, before) })),
  }
}

/** Before which rollups are removed, which the stores keep as a document of its own. */
export const ROLLUPS_REMOVED = { kind: 'retention', key: 'rollups' } as const

/** As stored by `ROLLUPS_REMOVED`. */
export const rollupsBeforeIn = (value: Json | undefined): number => (value === undefined ? NEVER : Number(value))

/** `first` and `last`: hours since 1970. */
export const oldRollupsOf = (hours: number, first: number, last: number): OldRollups =>
  hours === 0 ? { hours } : { hours, from: first * HOUR_MS, until: (last + 1) * HOUR_MS }

/** Throws on an instant before which `removeRollups` cannot remove. */
export function checkRemovable(before: number, { sessionsBefore }: Frozen): void {
  if (before % DAY_MS !== 0) throw new Error(`store: rollups are removed before a whole day, not before ${before}`)
  if (before > sessionsBefore) throw new Error(`store: the hours before ${before} are not frozen`)
}

/** Throws on instants that `freeze` cannot take. */
export function checkFrozen({ eventsBefore, sessionsBefore }: Frozen): void {
  if (eventsBefore % HOUR_MS !== 0 || sessionsBefore % HOUR_MS !== 0)
    throw new Error(`store: hours are frozen up to a full hour, not to ${eventsBefore} and ${sessionsBefore}`)
  if (sessionsBefore > eventsBefore)
    throw new Error('store: sessions are frozen no further than their events, which they would be derived from again')
}
