// The events of one session in order, each with what follows from the events before it.

import type { TrailEvent } from '../trail/event.ts'

export type SessionMoment = {
  readonly event: TrailEvent
  /** Milliseconds since the session began. */
  readonly sinceMs: number
  readonly isRepeat: boolean
  /** How long the person had the screen before this event, milliseconds; absent where it is unknown. */
  readonly dwellMs?: number
}

/** `events`: all of one session, in order. */
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

/** The time from our last reply to this request, if that reply left the person on the screen that the request came from. */
function dwellBefore(events: readonly TrailEvent[], index: number, repeats: ReadonlySet<string>): number | undefined {
  const event = events[index] as TrailEvent
  if (repeats.has(event.id) || (event.action !== 'submit' && event.action !== 'back')) return undefined
  const isAnswer = (earlier: TrailEvent) => earlier.action !== 'client_error' && !repeats.has(earlier.id)
  const previous = events.slice(0, index).findLast(isAnswer)
  if (!previous || (previous.next || previous.screen) !== event.screen) return undefined
  return Math.max(0, event.at - previous.at - previous.processingMs)
}
