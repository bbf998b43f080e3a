import type { TimelineEntry } from '../../../views/parts/timeline.tsx'
import { showDuration, showSize } from '../../lib/units.ts'
import type { SessionMoment } from '../../report/session.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { LocalTimeFormat } from '../local-time.ts'

export const timelineOf = (
  moments: readonly SessionMoment[],
  localTime: Pick<LocalTimeFormat, 'millisecond'>,
): TimelineEntry[] =>
  moments.map(({ event, sinceMs, isRepeat, dwellMs }, index) => ({
    time: localTime.millisecond(event.at),
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
    processing: processingText(event),
    sizes: `${showSize(event.requestBytes)} in, ${showSize(event.replyBytes)} out`,
  }))

function processingText({ processingMs, upstreamMs }: TrailEvent): string {
  const upstream = upstreamMs > 0 ? `, of which ${showDuration(upstreamMs)} waiting for outside APIs` : ''
  return `${showDuration(processingMs)}${upstream}`
}
