// One session's events as they are read on its page.

import type { Json } from '../../lib/json.ts'
import { showDuration, showSize } from '../../lib/units.ts'
import type { SessionMoment as KnownMoment } from '../../report/timeline.ts'
import type { TrailError, TrailEvent } from '../../trail/event.ts'
import type { Calendar, When } from '../local-time.ts'

export type TimelineEntry = {
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

export const timelineOf = (moments: readonly KnownMoment[], calendar: Pick<Calendar, 'moment'>): TimelineEntry[] =>
  moments.map(({ event, sinceMs, isRepeat, dwellMs }, index) => ({
    id: event.id,
    at: calendar.moment(event.at),
    since: index === 0 ? 'start' : `+${showDuration(sinceMs)}`,
    action: event.action,
    screen: event.screen,
    next: event.next,
    outcome: event.outcome,
    isRepeat,
    ...(event.trigger !== undefined && { trigger: event.trigger }),
    ...(dwellMs !== undefined && { dwell: showDuration(dwellMs) }),
    inputs: Object.entries(event.input),
    errors: event.errors,
    cost: costOf(event),
    sizes: `${showSize(event.requestBytes)} in, ${showSize(event.replyBytes)} out`,
  }))

function costOf({ processingMs, upstreamMs }: TrailEvent): string {
  const waiting = upstreamMs > 0 ? `, of which ${showDuration(upstreamMs)} waiting for outside APIs` : ''
  return `${showDuration(processingMs)}${waiting}`
}
