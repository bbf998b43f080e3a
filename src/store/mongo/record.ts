import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { sift } from '../refusal.ts'
import type { Recorded } from '../store.ts'
import { trackedTrails } from '../trail-key.ts'
import { createUpdate, type Parts } from './update.ts'

/**
 * Events first, then the sessions that follow from them, with no transaction around. That is safe to break off and to repeat,
 * because the sessions of all trails of the batch are brought up to date, whether their events are new or not.
 */
export function createRecord(parts: Parts) {
  const update = createUpdate(parts)
  return async (batch: readonly TrailEvent[], rulebook: SessionRulebook): Promise<Recorded> => {
    const { accepted, refused } = sift(batch)
    const stored = await parts.events.add(accepted)
    await update(trackedTrails(accepted), rulebook)
    return { stored, repeated: accepted.length - stored, refused }
  }
}
