import { isTracked, type TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import type { Derived } from '../derived.ts'
import { sift } from '../refusal.ts'
import { gapOf, type Head, headAfter, segmentFor } from '../segment.ts'
import type { Recorded } from '../store.ts'
import { textOf, trackedTrails } from '../trail-key.ts'
import type { Placed } from './events.ts'
import type { Heads, HeadsByToken } from './heads.ts'
import { createUpdate, type Parts } from './update.ts'

/**
 * Events first, then the sessions that follow from them, with no transaction around. That is safe to break off and to repeat,
 * because the sessions of all trails of the batch are brought up to date, whether their events are new or not.
 */
export function createRecord({ heads, ...parts }: Parts & { readonly heads: Heads }) {
  const update = createUpdate(parts)
  return async (batch: readonly TrailEvent[], rulebook: SessionRulebook): Promise<Recorded> => {
    const { accepted, refused } = sift(batch)
    const { placed, after } = place(accepted, await heads.of(accepted), rulebook)
    const known = await parts.events.add(placed)
    // Known ones are where an earlier attempt put them; that matters only where a token has segments to choose from.
    const before = await parts.events.trailsOf(known.filter(({ flow, token }) => after.has(textOf({ flow, token }))))
    const derived = await update(trackedTrails([...placed, ...before]), rulebook)
    await heads.keep([...[...after.values()].filter(({ segment }) => segment < 0), ...derived.map(headOf)])
    return { stored: accepted.length - known.length, repeated: known.length, refused }
  }
}

/** `after`: the heads of those tokens that had one, as they are with these events. */
function place(events: readonly TrailEvent[], heads: HeadsByToken, rulebook: SessionRulebook) {
  const after = new Map<string, Pick<TrailEvent, 'flow' | 'token'> & Head>()
  const placed = events.map((event): Placed => {
    const { flow, token, at } = event
    const text = textOf({ flow, token })
    const head = after.get(text) ?? heads.get(text)
    if (!head || !isTracked(token)) return { ...event, segment: 0 }
    const segment = segmentFor(head, at, gapOf(rulebook, flow))
    after.set(text, { flow, token, ...headAfter(head, segment, at) })
    return { ...event, segment }
  })
  return { placed, after }
}

const headOf = ({ flow, token, segment = 0, sessions, basis }: Derived) => ({
  flow,
  token,
  segment,
  events: basis,
  lastAt: sessions.at(-1)?.lastAt ?? 0,
})
