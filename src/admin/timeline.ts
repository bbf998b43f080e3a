// One session's events as they are read on its page.

import type { Json } from '../lib/json.ts'
import { showDuration, showSize } from '../lib/units.ts'
import type { TrailError, TrailEvent } from '../trail/event.ts'
import type { Calendar, When } from './calendar.ts'

export type Moment = {
  readonly id: string
  readonly at: When
  /** Since the session began: `+12 s`. */
  readonly since: string
  readonly action: TrailEvent['action']
  readonly screen: string
  readonly next: string
  readonly outcome: TrailEvent['outcome']
  readonly isRepeat: boolean
  readonly trigger?: string
  /** How long the person had the screen before this; absent where we cannot know. */
  readonly dwell?: string
  readonly inputs: readonly (readonly [name: string, value: Json])[]
  readonly errors: readonly TrailError[]
  /** `4.2 ms, of which 1.5 ms waiting for outside APIs` */
  readonly cost: string
  readonly sizes: string
}

/** `events`: one session's, in order. */
export function timelineOf(
  events: readonly TrailEvent[],
  repeats: ReadonlySet<string>,
  calendar: Pick<Calendar, 'moment'>,
): Moment[] {
  return events.map((event, index) => {
    const dwell = dwellBefore(events, index, repeats)
    return {
      id: event.id,
      at: calendar.moment(event.at),
      since: index === 0 ? 'start' : `+${showDuration(event.at - (events[0] as TrailEvent).at)}`,
      action: event.action,
      screen: event.screen,
      next: event.next,
      outcome: event.outcome,
      isRepeat: repeats.has(event.id),
      ...(event.trigger !== undefined && { trigger: event.trigger }),
      ...(dwell !== undefined && { dwell: showDuration(dwell) }),
      inputs: Object.entries(event.input),
      errors: event.errors,
      cost: costOf(event),
      sizes: `${showSize(event.requestBytes)} in, ${showSize(event.replyBytes)} out`,
    }
  })
}

/** From our last reply until this request, where that reply left the person on the screen the request came from. */
function dwellBefore(events: readonly TrailEvent[], index: number, repeats: ReadonlySet<string>): number | undefined {
  const event = events[index] as TrailEvent
  if (repeats.has(event.id) || (event.action !== 'submit' && event.action !== 'back')) return undefined
  const isAnswer = (earlier: TrailEvent) => earlier.action !== 'client_error' && !repeats.has(earlier.id)
  const previous = events.slice(0, index).findLast(isAnswer)
  if (!previous || (previous.next || previous.screen) !== event.screen) return undefined
  return Math.max(0, event.at - previous.at - previous.processingMs)
}

function costOf({ processingMs, upstreamMs }: TrailEvent): string {
  const waiting = upstreamMs > 0 ? `, of which ${showDuration(upstreamMs)} waiting for outside APIs` : ''
  return `${showDuration(processingMs)}${waiting}`
}
