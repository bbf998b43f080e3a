/** @jsxImportSource preact */
import {
  type CountView,
  SessionCount,
  SessionCountPage,
  SessionResults,
  type SessionResultsView,
  type SessionRow,
  SessionsPage,
  type SessionsView,
} from '../../../views/pages/sessions.tsx'
import { endpointOf } from '../../config/public-url.ts'
import { fragment, page, wantsFragment } from '../../http/html-response.ts'
import { showDuration } from '../../lib/units.ts'
import { queryStringOf } from '../../query/session-parameters.ts'
import type { SessionLine } from '../../report/sessions.ts'
import { ENDINGS } from '../../trail/session.ts'
import { funnelLength } from '../funnel.ts'
import { PAGE_SIZE, sessionHref } from '../neighbours.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { screenNamesOf, screenNamesOfAll } from '../screen-names.ts'
import { chipsOf, describeFilters, FORM_FIELDS, formValuesOf, readSessionList } from '../session-list.ts'
import { problemResponse } from './problem.ts'

export async function getSessionsPage(deps: PageDeps, { request, url, user }: AccountRequest): Promise<Response> {
  const { store, ask, config, clock, localTime, formsOfToken } = deps
  const [now, lostAfterMs] = [clock(), config.session.lost_after]
  const list = readSessionList(url.searchParams, formsOfToken)
  if (!list.ok) return problemResponse(request, user, list, '/admin/sessions')
  const { choice, after, values } = list.report
  const found = await ask('sessions', { ...choice, limit: PAGE_SIZE, after }, now)
  if (!found.ok) return problemResponse(request, user, found, '/admin/sessions')
  const { items, next, searchedTo, removedBefore } = found.report
  const names = choice.flow === undefined ? screenNamesOfAll(deps) : screenNamesOf(deps.flowJsonOf(choice.flow))
  const queryString = queryStringOf(values)
  const results: SessionResultsView = {
    rows: items.map((session) => rowOf(session, deps, queryStringOf({ ...values, after }).slice(1))),
    chips: chipsOf(values, { timezone: config.server.timezone, now }, names),
    filters: describeFilters(values, { timezone: config.server.timezone, now }),
    queryString,
    ...(after && { newest: `/admin/sessions${queryString}` }),
    ...(next && { older: `/admin/sessions${queryStringOf({ ...values, after: next })}` }),
    ...(searchedTo !== undefined && { searchedTo: localTime.minute(searchedTo) }),
    ...(removedBefore !== undefined && { removedBefore: localTime.minute(removedBefore) }),
    endpoints: Object.keys(config.flows).map((flow) => ({ flow, url: endpointOf(config.server, flow) })),
  }
  if (wantsFragment(request))
    return fragment(<SessionResults results={results} />, {
      headers: { 'hx-push-url': `/admin/sessions${queryString}` },
    })

  const [totals, storedFlows, exits, incidentCounts] = await Promise.all([
    store.totals(now, lostAfterMs),
    store.flows(),
    store.exits(),
    store.incidentCounts(),
  ])
  const refused = Object.values(incidentCounts).reduce((sum, requests) => sum + requests, 0)
  const flows = [...new Set([...Object.keys(config.flows), ...storedFlows])]
  const view: SessionsView = {
    totals: { ...totals.endings, refused, untracked: totals.untracked },
    filters: formValuesOf(values),
    hidden: Object.entries(values).filter(([name]) => !FORM_FIELDS.some((field) => field === name)) as [
      string,
      string,
    ][],
    options: { flows, endings: ENDINGS, exits: exits.map(names) },
    results,
  }
  return page(<SessionsPage account={pageAccount(user)} view={view} />)
}

/** How many there are: looked for after the page, as it can take a while. */
export async function getSessionCount(deps: PageDeps, { request, url, user }: AccountRequest): Promise<Response> {
  const list = readSessionList(url.searchParams, deps.formsOfToken)
  if (!list.ok) return problemResponse(request, user, list, '/admin/sessions')
  const counted = await deps.ask('session-count', list.report.choice, deps.clock())
  if (!counted.ok) return problemResponse(request, user, counted, '/admin/sessions')
  const { count, searchedTo } = counted.report
  const view: CountView = { count, ...(searchedTo !== undefined && { searchedTo: deps.localTime.minute(searchedTo) }) }
  if (wantsFragment(request)) return fragment(<SessionCount count={view} />)
  return page(
    <SessionCountPage account={pageAccount(user)} view={{ count: view, list: `/admin/sessions${url.search}` }} />,
  )
}

const rowOf = (session: SessionLine, { config, flowJsonOf, localTime }: PageDeps, list: string): SessionRow => ({
  href: sessionHref(session.id, list),
  started: localTime.minute(session.startedAt),
  flow: session.flow,
  token: session.token,
  ending: session.ending,
  exit: screenNamesOf(flowJsonOf(session.flow))(session.exit),
  reached: session.furthest + 1,
  funnelSteps: funnelLength(config, session),
  duration: showDuration((session.completedAt ?? session.lastAt) - session.startedAt),
  events: session.counts.events,
  rejects: session.counts.rejects,
})
