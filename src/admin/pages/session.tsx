/** @jsxImportSource preact */
import { MessagePage } from '../../../views/pages/message.tsx'
import { SessionPage, type SessionView } from '../../../views/pages/session.tsx'
import type { ScreenVisit } from '../../../views/parts/screen-visits.tsx'
import type { TimelineEntry } from '../../../views/parts/timeline.tsx'
import { page } from '../../http/html-response.ts'
import { MINUTE_MS, showDuration, showSize } from '../../lib/units.ts'
import { queryStringOf } from '../../query/session-parameters.ts'
import { type SessionMoment, sessionReport } from '../../report/session.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { Step } from '../../trail/session.ts'
import { flowPath, screenPath } from '../flow-frame.ts'
import { funnelLength } from '../funnel.ts'
import type { LocalTimeFormat } from '../local-time.ts'
import { neighboursIn } from '../neighbours.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { type ScreenNames, screenNamesOf } from '../screen-names.ts'

export async function getSessionPage(deps: PageDeps, { url, user }: AccountRequest, id: string): Promise<Response> {
  const { store, config, clock, localTime } = deps
  const context = { store, config, now: clock(), lostAfterMs: config.session.lost_after }
  const result = await sessionReport(context, { id, most: MAX_EVENTS })
  if (!result.ok) return page(<MessagePage account={pageAccount(user)} message={NO_SESSION} />, { status: 404 })

  const { session, visits, moments, moreVisits, hasMoreEvents, areEventsRemoved } = result.report
  const { flow, version, token, ending, exit, counts, startedAt, lastAt, completedAt } = session
  const [neighbours, same] = await Promise.all([
    neighboursIn(deps, url.searchParams.get('list') ?? '', id),
    deps.ask('session-count', { token: [token], filter: { factors: [] } }, clock()),
  ])
  const names = screenNamesOf(deps.flowJsonOf(flow))
  const view: SessionView = {
    ...{ id: session.id, flow, version, token, ending, counts },
    exit: names(exit),
    started: localTime.second(startedAt),
    last: localTime.second(lastAt),
    ...(completedAt !== undefined && { completed: localTime.second(completedAt) }),
    timezone: localTime.timezone,
    duration: showDuration((completedAt ?? lastAt) - startedAt),
    flowHref: flowPath(flow),
    neighbours,
    sameToken: { count: same.ok ? same.report.count : 0, href: `/admin/sessions${queryStringOf({ token })}` },
    reached: session.furthest + 1,
    funnelSteps: funnelLength(config, session),
    choices: Object.entries(session.choices),
    visits: visits.map((step) => visitOf(step, ending, (screen) => screenPath(flow, screen), names)),
    moreVisits,
    timeline: timelineOf(moments, localTime, names),
    isTruncated: hasMoreEvents,
    areEventsRemoved,
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

const visitOf = (
  step: Step,
  ending: SessionView['ending'],
  hrefOf: (screen: string) => string,
  names: ScreenNames,
): ScreenVisit => ({
  screen: names(step.screen),
  href: hrefOf(step.screen),
  showing: step.showing,
  dwell: step.dwellMs > 0 ? showDuration(step.dwellMs) : '',
  end: step.end ?? (ending === 'lost' ? 'left' : 'open'),
  refusals: step.rejects.reduce((sum, reject) => sum + reject.count, 0),
  errors: step.errors.length,
})

const timelineOf = (
  moments: readonly SessionMoment[],
  localTime: Pick<LocalTimeFormat, 'millisecond'>,
  names: ScreenNames,
): TimelineEntry[] =>
  moments.map(({ event, sinceMs, isRepeat, dwellMs }, index) => ({
    ...event,
    time: localTime.millisecond(event.at),
    since: index === 0 ? 'start' : `+${showDuration(sinceMs)}`,
    screen: names(event.screen),
    next: names(event.next),
    isRepeat,
    ...(dwellMs !== undefined && { dwell: showDuration(dwellMs) }),
    inputs: Object.entries(event.input),
    ...(gapBefore(moments, index) >= LONG_GAP_MS && { gap: showDuration(gapBefore(moments, index)) }),
    spent: {
      // What people do while nothing comes is told as a gap.
      person: Math.min(dwellMs ?? 0, LONG_GAP_MS),
      us: event.processingMs - event.upstreamMs,
      upstream: event.upstreamMs,
    },
    processing: processingText(event),
    sizes: `${showSize(event.requestBytes)} in, ${showSize(event.replyBytes)} out`,
  }))

/** From here on a silence has a line of its own. */
const LONG_GAP_MS = 5 * MINUTE_MS

const gapBefore = (moments: readonly SessionMoment[], index: number): number =>
  (moments[index]?.sinceMs ?? 0) - (moments[index - 1]?.sinceMs ?? 0)

function processingText({ processingMs, upstreamMs }: TrailEvent): string {
  const upstream = upstreamMs > 0 ? `, of which ${showDuration(upstreamMs)} waiting for outside APIs` : ''
  return `${showDuration(processingMs)}${upstream}`
}
