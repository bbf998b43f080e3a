/** @jsxImportSource preact */
import { MessagePage } from '../../../views/pages/message.tsx'
import { SessionPage, type SessionView } from '../../../views/pages/session.tsx'
import type { StepView } from '../../../views/parts/steps.tsx'
import { page } from '../../http/html-response.ts'
import { showDuration } from '../../lib/units.ts'
import { sessionReport } from '../../report/session.ts'
import type { SessionLine } from '../../report/sessions.ts'
import type { Step } from '../../trail/session.ts'
import { funnelLength } from '../funnel-length.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { timelineOf } from './timeline.ts'

export async function showSession(deps: PageDeps, { visitor }: AccountRequest, id: string): Promise<Response> {
  const { store, config, clock } = deps
  const context = { store, config, now: clock(), lostAfterMs: config.session.lost_after }
  const result = await sessionReport(context, { id, most: SHOWN })
  if (!result.ok) return page(<MessagePage account={visitor.name} message={UNKNOWN} />, { status: 404 })

  const { session, visits, moments, moreVisits, hasMoreEvents } = result.report
  const view = {
    ...factsOf(session, deps),
    steps: visits.map((step) => stepView(step, session.ending)),
    moreSteps: moreVisits,
    timeline: timelineOf(moments, deps.calendar),
    isCut: hasMoreEvents,
  }
  return page(<SessionPage account={visitor.name} session={view} />)
}

/** A longer timeline helps nobody and costs the browser; the export has every event. */
const SHOWN = 500

const UNKNOWN = {
  title: 'No such session',
  text: 'It may have been removed when its retention ended, or the address is not complete.',
  link: { href: '/admin/sessions', label: 'Back to the sessions' },
}

function factsOf(
  session: SessionLine,
  { config, calendar }: PageDeps,
): Omit<SessionView, 'steps' | 'moreSteps' | 'timeline' | 'isCut'> {
  const { id, flow, version, token, exit, counts, ending } = session
  return {
    ...{ id, flow, version, token, exit, counts, ending },
    started: calendar.second(session.startedAt),
    last: calendar.second(session.lastAt),
    ...(session.completedAt !== undefined && { completed: calendar.second(session.completedAt) }),
    timezone: calendar.timezone,
    duration: showDuration(session.lastAt - session.startedAt),
    reached: session.furthest + 1,
    funnelSteps: funnelLength(config, session),
    choices: Object.entries(session.choices),
  }
}

function stepView(step: Step, ending: SessionView['ending']): StepView {
  return {
    screen: step.screen,
    isInferred: step.showing === 'inferred',
    dwell: step.dwellMs > 0 ? showDuration(step.dwellMs) : '',
    end: step.end ?? (ending === 'lost' ? 'left' : 'open'),
    refusals: step.rejects.reduce((sum, reject) => sum + reject.count, 0),
    errors: step.errors.length,
  }
}
