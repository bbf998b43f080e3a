/** @jsxImportSource preact */
import {
  type SessionLine,
  SessionResults,
  type SessionResultsView,
  SessionsPage,
} from '../../../views/pages/sessions.tsx'
import { fragment, page, wantsFragment } from '../../http/html-response.ts'
import { showDuration } from '../../lib/units.ts'
import { endingOf, type Session } from '../../trail/session.ts'
import { flowAddresses } from '../flow-addresses.ts'
import { funnelLength } from '../funnel-length.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { queryOf, readFilters, searchOf } from '../session-filters.ts'

export async function showSessions(deps: PageDeps, { request, url, visitor }: AccountRequest): Promise<Response> {
  const { store, config } = deps
  const filters = readFilters(url.searchParams, config.server.timezone)
  const after = url.searchParams.get('after')
  const asked = { now: deps.clock(), lostAfterMs: config.session.lost_after }
  const chosen = queryOf(filters, config.server.timezone, deps.formsOfToken)
  const query = { ...chosen, ...asked, limit: PAGE, ...(after && { after }) }
  const found = await store.sessions(query)
  const results: SessionResultsView = {
    lines: found.items.map((session) => lineOf(session, deps, asked.now)),
    search: searchOf(filters),
    ...(after && { newest: `/admin/sessions${searchOf(filters)}` }),
    ...(found.next && { older: `/admin/sessions${searchOf(filters, { after: found.next })}` }),
    addresses: flowAddresses(config),
  }
  if (wantsFragment(request))
    return fragment(<SessionResults results={results} />, {
      headers: { 'hx-push-url': `/admin/sessions${results.search}` },
    })

  const [totals, stored, exits, counts] = await Promise.all([
    store.totals(asked.now, asked.lostAfterMs),
    store.flows(),
    store.exits(),
    store.incidentCounts(),
  ])
  const refused = Object.values(counts).reduce((sum, many) => sum + many, 0)
  const choices = { flows: [...new Set([...Object.keys(config.flows), ...stored])], exits }
  return page(<SessionsPage account={visitor.name} {...{ totals, refused, filters, choices, results }} />)
}

const PAGE = 50

function lineOf(session: Session, { config, calendar }: PageDeps, now: number): SessionLine {
  return {
    id: session.id,
    started: calendar.minute(session.startedAt),
    flow: session.flow,
    token: session.token,
    ending: endingOf(session, now, config.session.lost_after),
    exit: session.exit,
    reached: session.furthest + 1,
    steps: funnelLength(config, session),
    duration: showDuration(session.lastAt - session.startedAt),
    events: session.counts.events,
    rejects: session.counts.rejects,
  }
}
