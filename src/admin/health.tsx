/** @jsxImportSource preact */
import { stringify } from 'yaml'
import { HealthPage } from '../../views/health.tsx'
import { page } from '../http/page.ts'
import { isBalanced } from '../journal/ledger.ts'
import { showSize } from '../lib/units.ts'
import type { KnownVisit, PageDeps } from './visit.ts'

export async function showHealth(deps: PageDeps, { visitor }: KnownVisit): Promise<Response> {
  const { store, config, clock, calendar } = deps
  const [ledger, totals, audits] = await Promise.all([
    deps.ledger(),
    store.totals(clock(), config.session.lost_after),
    store.audits(AUDITS),
  ])
  const view = {
    ...(ledger && { ledger: { ...ledger, isBalanced: isBalanced(ledger) } }),
    events: totals.events,
    untracked: totals.untracked,
    sessions: totals.endings.completed + totals.endings.open + totals.endings.lost,
    ...(totals.bytes > 0 && { size: showSize(totals.bytes) }),
    ...(totals.bytes > 0 && totals.events > 0 && { bytesPerEvent: Math.round(totals.bytes / totals.events) }),
    audits: audits.map(({ at, who, what, detail }) => ({ when: calendar.second(at), who, what, detail })),
    config: stringify(deps.shownConfig),
  }
  return page(<HealthPage account={visitor.name} view={view} />)
}

const AUDITS = 20
