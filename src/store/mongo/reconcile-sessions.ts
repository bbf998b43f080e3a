import type { SessionRulebook } from '../../trail/session.ts'
import { type DerivedTrail, deriveTrail } from '../derive-sessions.ts'
import type { Frozen } from '../frozen.ts'
import { type TrailKey, trailIdOf } from '../trail-key.ts'
import type { Events } from './events.ts'
import type { Sessions } from './sessions.ts'

export type TrailCollections = {
  readonly events: Events
  readonly sessions: Sessions
  readonly frozen: () => Promise<Frozen>
}

/** Chooses the trails to write. Called again for trails that got events meanwhile. */
type Choose = (derived: readonly DerivedTrail[]) => Promise<readonly DerivedTrail[]>

/**
 * Brings the sessions of trails up to date with their events, without a transaction. Returns the last derivation of each trail.
 *
 * Any number of processes may do this for the same trails at once, and record events of them. Each reads after it wrote, so the
 * one whose events come last reads all of them; and sessions from more events are never replaced or deleted by sessions from
 * fewer. The remaining risk is a late write of a session that no longer exists. So each writer counts the events again after it
 * wrote, and repeats until the count has not changed. If events arrive after that, then the process that recorded them reads the
 * sessions even later, and deletes the late one.
 */
export async function reconcileSessions(
  { events, sessions, frozen }: TrailCollections,
  trails: readonly TrailKey[],
  rulebook: SessionRulebook,
  choose: Choose = async (all) => all,
): Promise<DerivedTrail[]> {
  const latest = new Map<string, DerivedTrail>()
  let waiting = trails
  while (waiting.length > 0) {
    const found = await events.ofTrails(waiting)
    // After the events were read: whoever removes some has frozen their hours before, so that their sessions are known to be settled.
    const settled = await frozen()
    const derived = await choose(
      waiting.map((trail) => deriveTrail(trail, found.get(trailIdOf(trail)) ?? [], rulebook, settled)),
    )
    for (const trail of derived) latest.set(trailIdOf(trail), trail)
    if (derived.length === 0) break
    await sessions.replace(derived)
    const counts = await events.countsOf(derived)
    waiting = derived.filter((trail) => (counts.get(trailIdOf(trail)) ?? 0) !== trail.sourceEventCount)
  }
  return [...latest.values()]
}
