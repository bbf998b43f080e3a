import type { Database } from 'bun:sqlite'
import type { SessionRulebook } from '../../trail/session.ts'
import { deriveTrail, reviseTrail } from '../derive-sessions.ts'
import type { Frozen } from '../frozen.ts'
import type { Rederived } from '../store.ts'
import { type TrailKey, trackedTrails } from '../trail-key.ts'
import type { Events } from './events.ts'
import { asKept } from './session-body.ts'
import type { Sessions } from './sessions.ts'
import type { StringDictionary } from './string-dictionary.ts'
import type { Trails } from './trails.ts'

export type TrailTables = {
  readonly words: StringDictionary
  readonly trails: Trails
  readonly events: Events
  readonly sessions: Sessions
}

/** In one transaction, so that the counts are right while others record. */
export function createRederive(
  db: Database,
  { words, trails, events, sessions, frozen }: TrailTables & { readonly frozen: () => Frozen },
) {
  const each = db.transaction((keys: readonly TrailKey[], rulebook: SessionRulebook, dryRun: boolean): Rederived => {
    const counts = { events: 0, sessions: 0, changed: 0 }
    const settled = frozen()
    for (const key of trackedTrails(keys)) {
      const trail = trails.find(key)
      if (trail === undefined) continue
      const derived = deriveTrail(key, events.ofTrail(trail, key), rulebook, settled)
      const kept = { ...derived, sessions: derived.sessions.map(asKept) }
      const revision = reviseTrail(kept, sessions.ofTrail(trail))
      if (revision.changed.length > 0 && !dryRun) sessions.replace(trail, revision.derived)
      counts.events += derived.sourceEventCount
      counts.sessions += revision.sessions
      counts.changed += revision.changed.length
    }
    return counts
  })

  return (keys: readonly TrailKey[], rulebook: SessionRulebook, { dryRun = false } = {}): Rederived => {
    try {
      // A dry run does not lock out writers.
      return (dryRun ? each.deferred : each.immediate)(keys, rulebook, dryRun)
    } catch (error) {
      words.forget()
      throw error
    }
  }
}
