import { own } from '../../lib/json.ts'
import { sessionsOf } from '../../trail/derive.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { sift } from '../refusal.ts'
import type { Recorded } from '../store.ts'
import { textOf, trackedTrails } from '../trail-key.ts'
import type { Events } from './events.ts'
import type { Derived, Sessions } from './sessions.ts'

type Parts = { readonly events: Events; readonly sessions: Sessions }

/**
 * Events first, then the sessions that follow from them, with no transaction around. That is safe to break off and to repeat,
 * because the sessions of all trails of the batch are brought up to date, whether their events are new or not.
 *
 * Any number of processes may record events of the same trail at once. The one whose events come last reads all of them, since
 * each reads after it wrote; and what it computes from all is never replaced or deleted by what others compute from fewer. What
 * is left to fear is another's session that no longer exists, written late. But whoever writes looks again afterwards, and
 * when the events have become more, goes on until they have not. If they became more only after that look, then the one who
 * brought them looks at the sessions even later, sees that one, and deletes it.
 */
export function createRecord({ events, sessions }: Parts) {
  return async (batch: readonly TrailEvent[], rulebook: SessionRulebook): Promise<Recorded> => {
    const { accepted, refused } = sift(batch)
    const stored = await events.add(accepted)
    let trails = trackedTrails(accepted)
    while (trails.length > 0) {
      const found = await events.ofTrails(trails)
      const derived = trails.map((trail): Derived => {
        const events = found.get(textOf(trail)) ?? []
        const rules = own(rulebook.flows, trail.flow) ?? rulebook.otherwise
        return { ...trail, sessions: sessionsOf(events, rules), basis: events.length }
      })
      await sessions.replace(derived)
      const counts = await events.countsOf(trails)
      trails = derived.filter((trail) => (counts.get(textOf(trail)) ?? 0) !== trail.basis)
    }
    return { stored, repeated: accepted.length - stored, refused }
  }
}
