// Why a page about a flow has nothing to show, and where to go on.

import type { FlowFrameView } from '../../views/parts/flow-frame.tsx'
import type { NobodyView } from '../../views/parts/no-sessions.tsx'
import { endpointOf } from '../config/public-url.ts'
import { dayOf, dayPlus } from '../lib/days.ts'
import type { Parameters } from '../query/read-query.ts'
import { sessionsRemovedBefore } from '../report/removed.ts'
import { type PageClock, type PageQuestion, periodText } from './page-question.ts'
import type { PageDeps } from './request.ts'

const DAYS = 28

type Asked = { readonly flow: string; readonly question: PageQuestion<Parameters>; readonly time: PageClock }

export async function nobodyOf(
  { store, config }: Pick<PageDeps, 'store' | 'config'>,
  { flow, question, time: { timezone, now } }: Asked,
  { chips }: Pick<FlowFrameView, 'chips'>,
): Promise<NobodyView> {
  const { href, period } = question
  if (chips.length > 0) {
    const clear = href({ version: undefined, choice: undefined, after: undefined, before: undefined })
    return { why: 'filters', filters: chips.map(({ label }) => label).join(', '), clear }
  }
  const { items } = await store.sessions({ flow, now, lostAfterMs: config.session.lost_after, limit: 1 })
  const [newest] = items
  if (newest) {
    const until = dayOf(newest.startedAt, timezone)
    if (period.from <= until && until <= period.until) return { why: 'period' }
    const from = dayPlus(until, 1 - DAYS)
    return { why: 'period', last: { days: periodText(from, until), href: href({ period: undefined, from, until }) } }
  }
  // Sessions that were removed leave their numbers, and nobody knows of which days.
  const { removedBefore } = await sessionsRemovedBefore({ store }, {}, flow)
  return removedBefore === undefined ? { why: 'never', endpoint: endpointOf(config.server, flow) } : { why: 'period' }
}
