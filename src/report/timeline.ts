// One session's events in order, with what follows from those before.

import type { TrailEvent } from '../trail/event.ts'

export type SessionMoment = {
  readonly event: TrailEvent
  /** Since the session began, milliseconds. */
  readonly sinceMs: number
  readonly isRepeat: boolean
  /** How long the person had the screen before this; absent where we cannot know. */
  readonly dwellMs?: number
}

/** `events`: one session's, in order. */
export const momentsOf = (events: readonly TrailEvent[], repeats: ReadonlySet<string>): SessionMoment[] =>
  events.map((event, index) => {
    const dwellMs = dwellBefore(events, index, repeats)
    return {
      event,
      sinceMs: event.at - (events[0] as TrailEvent).at,
      isRepeat: repeats.has(event.id),
      ...(dwellMs !== undefined && { dwellMs }),
    }
  })

/** From our last reply until this request, where that reply left the person on the screen the request came from. */
function dwellBefore(events: readonly TrailEvent[], index: number, repeats: ReadonlySet<string>): number | undefined {
  const event = events[index] as TrailEvent
  if (repeats.has(event.id) || (event.action !== 'submit' && event.action !== 'back')) return undefined
  const isAnswer = (earlier: TrailEvent) => earlier.action !== 'client_error' && !repeats.has(earlier.id)
  const previous = events.slice(0, index).findLast(isAnswer)
  if (!previous || (previous.next || previous.screen) !== event.screen) return undefined
  return Math.max(0, event.at - previous.at - previous.processingMs)
}
