import { isTracked, type TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import type { DerivedTrail } from '../derive-sessions.ts'
import { gapOf, headAfter, type SegmentHead, segmentFor } from '../segment.ts'
import type { Recorded } from '../store.ts'
import { trackedTrails, trailIdOf } from '../trail-key.ts'
import { validateBatch } from '../validate-batch.ts'
import type { Placed } from './events.ts'
import { reconcileSessions, type TrailCollections } from './reconcile-sessions.ts'
import type { SegmentHeads, SegmentHeadsByToken } from './segment-heads.ts'

/** Events first, then their sessions, without a transaction. Safe to repeat, as it derives the sessions of known events, too. */
export function createRecord({ heads, ...parts }: TrailCollections & { readonly heads: SegmentHeads }) {
  return async (batch: readonly TrailEvent[], rulebook: SessionRulebook): Promise<Recorded> => {
    const { accepted, refused } = validateBatch(batch)
    const { placed, after } = place(accepted, await heads.of(accepted), rulebook)
    const known = await parts.events.add(placed)
    // Known events are where an earlier attempt put them; that matters only for tokens with several segments.
    const before = await parts.events.trailsOf(known.filter(({ flow, token }) => after.has(trailIdOf({ flow, token }))))
    const derived = await reconcileSessions(parts, trackedTrails([...placed, ...before]), rulebook)
    await heads.keep([...[...after.values()].filter(({ segment }) => segment < 0), ...derived.map(headOf)])
    return { stored: accepted.length - known.length, alreadyStored: known.length, refused }
  }
}

/** `after`: the heads of those tokens that had one, as they are with these events. */
function place(events: readonly TrailEvent[], heads: SegmentHeadsByToken, rulebook: SessionRulebook) {
  const after = new Map<string, Pick<TrailEvent, 'flow' | 'token'> & SegmentHead>()
  const placed = events.map((event): Placed => {
    const { flow, token, at } = event
    const text = trailIdOf({ flow, token })
    const head = after.get(text) ?? heads.get(text)
    if (!head || !isTracked(token)) return { ...event, segment: 0 }
    const segment = segmentFor(head, at, gapOf(rulebook, flow))
    after.set(text, { flow, token, ...headAfter(head, segment, at) })
    return { ...event, segment }
  })
  return { placed, after }
}

const headOf = ({ flow, token, segment = 0, sessions, sourceEventCount }: DerivedTrail) => ({
  flow,
  token,
  segment,
  events: sourceEventCount,
  lastAt: sessions.at(-1)?.lastAt ?? 0,
})
