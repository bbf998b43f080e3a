// A token's trail is kept in segments, so that the work on a trail is bounded by one segment, however long people use the token
// and however many share it.

import { own } from '../lib/json.ts'
import type { SessionRulebook } from '../trail/session.ts'

/**
 * Events of one token without a silence of `session.gap`. Nobody fills in a form that long: from here on many people share the
 * token, and its events belong to no session until such a silence.
 */
export const SEGMENT_EVENTS = 2_000

/** After this many events, a silence begins the next segment: a token that one person uses for years is never cut within a session. */
const ENOUGH_EVENTS = SEGMENT_EVENTS / 2

/** The newest segment of a token, as far as it was recorded. */
export type SegmentHead = {
  /** Counts from 0; negative for a segment whose events belong to no session. The next one has the next higher absolute number. */
  readonly segment: number
  readonly events: number
  readonly lastAt: number
}

/** The segment of the next event, received at `at`. `head`: undefined for the first event of the token. */
export function segmentFor(head: SegmentHead | undefined, at: number, gapMs: number): number {
  if (!head) return 0
  const next = Math.abs(head.segment) + 1
  const isAfterSilence = at - head.lastAt > gapMs
  if (head.segment < 0) return isAfterSilence ? next : head.segment
  if (isAfterSilence) return head.events >= ENOUGH_EVENTS ? next : head.segment
  return head.events >= SEGMENT_EVENTS ? -next : head.segment
}

/** The head after an event in this segment. */
export const headAfter = (head: SegmentHead | undefined, segment: number, at: number): SegmentHead =>
  head?.segment === segment
    ? { segment, events: head.events + 1, lastAt: Math.max(head.lastAt, at) }
    : { segment, events: 1, lastAt: at }

export const gapOf = ({ flows, otherwise }: SessionRulebook, flow: string): number =>
  (own(flows, flow) ?? otherwise).gapMs

/** Whether the next event may begin another segment. */
export const isLong = ({ segment, events }: SegmentHead): boolean => segment !== 0 || events >= ENOUGH_EVENTS

/** The newest segment that has sessions. One without follows one with. */
export const newestTracked = (head: SegmentHead | undefined): number => {
  const segment = head?.segment ?? 0
  return segment < 0 ? -segment - 1 : segment
}
