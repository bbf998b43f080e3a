import type { SessionRulebook } from '../../trail/session.ts'
import { type DerivedTrail, deriveTrail } from '../derive-sessions.ts'
import { type TrailKey, trailIdOf } from '../trail-key.ts'
import type { Events } from './events.ts'
import type { Sessions } from './sessions.ts'

export type TrailCollections = { readonly events: Events; readonly sessions: Sessions }

/** Which of these are to be written. Asked again for trails whose events became more meanwhile. */
type Choose = (derived: readonly DerivedTrail[]) => Promise<readonly DerivedTrail[]>

/**
 * Brings the sessions of trails up to date with their events, with no transaction around.
 *
 * Any number of processes may do so with the same trails at once, and record events of them. The one whose events come last
 * reads all of them, since each reads after it wrote; and what it computes from all is never replaced or deleted by what others
 * compute from fewer. What is left to fear is another's session that no longer exists, written late. But whoever writes looks
 * again afterwards, and when the events have become more, goes on until they have not. If they became more only after that
 * look, then the one who brought them looks at the sessions even later, sees that one, and deletes it.
 */
export function createUpdateSessions({ events, sessions }: TrailCollections) {
  /** Returns what was derived, each trail as it was last. */
  return async (
    trails: readonly TrailKey[],
    rulebook: SessionRulebook,
    choose: Choose = async (all) => all,
  ): Promise<DerivedTrail[]> => {
    const latest = new Map<string, DerivedTrail>()
    let waiting = trails
    while (waiting.length > 0) {
      const found = await events.ofTrails(waiting)
      const derived = await choose(
        waiting.map((trail) => deriveTrail(trail, found.get(trailIdOf(trail)) ?? [], rulebook)),
      )
      for (const trail of derived) latest.set(trailIdOf(trail), trail)
      if (derived.length === 0) break
      await sessions.replace(derived)
      const counts = await events.countsOf(derived)
      waiting = derived.filter((trail) => (counts.get(trailIdOf(trail)) ?? 0) !== trail.sourceEventCount)
    }
    return [...latest.values()]
  }
}
