import type { SessionRulebook } from '../../trail/session.ts'
import { reviseTrail, type TrailRevision } from '../derive-sessions.ts'
import type { Rederived } from '../store.ts'
import { type TrailKey, trackedTrails, trailIdOf } from '../trail-key.ts'
import { reconcileSessions, type TrailCollections } from './reconcile-sessions.ts'

/** Writes only the trails whose stored sessions differ. */
export function createRederive(parts: TrailCollections) {
  return async (
    trails: readonly TrailKey[],
    rulebook: SessionRulebook,
    { dryRun = false } = {},
  ): Promise<Rederived> => {
    const latest = new Map<string, TrailRevision>()
    const changed = new Set<string>()
    await reconcileSessions(parts, trackedTrails(trails), rulebook, async (derived) => {
      const stored = await parts.sessions.ofTrails(derived)
      const revisions = derived.map((trail) => reviseTrail(trail, stored.get(trailIdOf(trail)) ?? []))
      for (const revision of revisions) {
        latest.set(trailIdOf(revision.derived), revision)
        for (const id of revision.changed) changed.add(id)
      }
      const differing = revisions.filter((revision) => revision.changed.length > 0)
      return dryRun ? [] : differing.map((revision) => revision.derived)
    })
    return {
      events: sum(latest.values().map(({ derived }) => derived.sourceEventCount)),
      sessions: sum(latest.values().map(({ sessions }) => sessions)),
      changed: changed.size,
    }
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0)
