/** @jsxImportSource preact */
import {
  SessionResults,
  type SessionResultsView,
  type SessionRow,
  SessionsPage,
  type SessionsView,
} from '../../../views/pages/sessions.tsx'
import { publicBase } from '../../config/public-url.ts'
import { fragment, page, wantsFragment } from '../../http/html-response.ts'
import { showDuration } from '../../lib/units.ts'
import { endingOf, type Session } from '../../trail/session.ts'
import { funnelLength } from '../funnel-length.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { ENDINGS, queryOf, queryStringOf, readFilters } from '../session-filters.ts'

export async function getSessionsPage(deps: PageDeps, { request, url, user }: AccountRequest): Promise<Response> {
  const { store, config, clock, formsOfToken } = deps
  const [now, lostAfterMs] = [clock(), config.session.lost_after]
  const filters = readFilters(url.searchParams, config.server.timezone)
  const after = url.searchParams.get('after')
  const query = queryOf(filters, config.server.timezone, formsOfToken)
  const found = await store.sessions({ ...query, now, lostAfterMs, limit: PAGE_SIZE, ...(after && { after }) })
  const base = publicBase(config.server, config.server.port)
  const results: SessionResultsView = {
    rows: found.items.map((session) => rowOf(session, deps, now)),
    queryString: queryStringOf(filters),
    ...(after && { newest: `/admin/sessions${queryStringOf(filters)}` }),
    ...(found.next && { older: `/admin/sessions${queryStringOf(filters, { after: found.next })}` }),
    endpoints: Object.keys(config.flows).map((flow) => ({ flow, url: `${base}/flows/${flow}` })),
  }
  if (wantsFragment(request))
    return fragment(<SessionResults results={results} />, {
      headers: { 'hx-push-url': `/admin/sessions${results.queryString}` },
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
    filters,
    options: { flows, endings: ENDINGS, exits },
    results,
  }
  return page(<SessionsPage account={user.name} view={view} />)
}

const PAGE_SIZE = 50

const rowOf = (session: Session, { config, localTime }: PageDeps, now: number): SessionRow => ({
  id: session.id,
  started: localTime.minute(session.startedAt),
  flow: session.flow,
  token: session.token,
  ending: endingOf(session, now, config.session.lost_after),
  exit: session.exit,
  reached: session.furthest + 1,
  funnelSteps: funnelLength(config, session),
  duration: showDuration(session.lastAt - session.startedAt),
  events: session.counts.events,
  rejects: session.counts.rejects,
})
