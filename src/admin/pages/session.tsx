/** @jsxImportSource preact */
import { MessagePage } from '../../../views/pages/message.tsx'
import { SessionPage, type SessionView } from '../../../views/pages/session.tsx'
import type { ScreenVisit } from '../../../views/parts/screen-visits.tsx'
import type { TimelineEntry } from '../../../views/parts/timeline.tsx'
import { page } from '../../http/html-response.ts'
import { showDuration, showSize } from '../../lib/units.ts'
import { type SessionMoment, sessionReport } from '../../report/session.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { Step } from '../../trail/session.ts'
import { funnelLength } from '../funnel-length.ts'
import type { LocalTimeFormat } from '../local-time.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'

export async function getSessionPage(deps: PageDeps, { user }: AccountRequest, id: string): Promise<Response> {
  const { store, config, clock, localTime } = deps
  const context = { store, config, now: clock(), lostAfterMs: config.session.lost_after }
  const result = await sessionReport(context, { id, most: MAX_EVENTS })
  if (!result.ok) return page(<MessagePage account={pageAccount(user)} message={NO_SESSION} />, { status: 404 })

  const { session, visits, moments, moreVisits, hasMoreEvents } = result.report
  const { flow, version, token, ending, exit, counts, startedAt, lastAt, completedAt } = session
  const view: SessionView = {
    ...{ id: session.id, flow, version, token, ending, exit, counts },
    started: localTime.second(startedAt),
    last: localTime.second(lastAt),
    ...(completedAt !== undefined && { completed: localTime.second(completedAt) }),
    timezone: localTime.timezone,
    duration: showDuration(lastAt - startedAt),
    reached: session.furthest + 1,
    funnelSteps: funnelLength(config, session),
    choices: Object.entries(session.choices),
    visits: visits.map((step) => visitOf(step, ending)),
    moreVisits,
    timeline: timelineOf(moments, localTime),
    isTruncated: hasMoreEvents,
  }
  return page(<SessionPage account={pageAccount(user)} view={view} />)
}

/** Keeps the page readable and quick; the export has every event. */
const MAX_EVENTS = 500

const NO_SESSION = {
  title: 'No such session',
  text: 'It may have been removed when its retention ended, or the address is not complete.',
  link: { href: '/admin/sessions', label: 'Back to the sessions' },
}

const visitOf = (step: Step, ending: SessionView['ending']): ScreenVisit => ({
  screen: step.screen,
  isInferred: step.showing === 'inferred',
  dwell: step.dwellMs > 0 ? showDuration(step.dwellMs) : '',
  end: step.end ?? (ending === 'lost' ? 'left' : 'open'),
  refusals: step.rejects.reduce((sum, reject) => sum + reject.count, 0),
  errors: step.errors.length,
})

const timelineOf = (
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
