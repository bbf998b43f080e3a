/** @jsxImportSource preact */
import { stringify } from 'yaml'
import { HealthPage } from '../../../views/pages/health.tsx'
import { page } from '../../http/html-response.ts'
import { isBalanced } from '../../journal/ledger.ts'
import { showSize } from '../../lib/units.ts'
import { AUDIT_KINDS } from '../../store/audit-kinds.ts'
import type { AuditEntry } from '../../store/store.ts'
import type { AccountRequest, PageDeps } from '../request.ts'

export async function showHealth(deps: PageDeps, { visitor }: AccountRequest): Promise<Response> {
  const { store, config, clock, calendar } = deps
  const [ledger, totals, people, scripts, strangers] = await Promise.all([
    deps.ledger(),
    store.totals(clock(), config.session.lost_after),
    store.audits(AUDITS.people, AUDIT_KINDS.people),
    store.audits(AUDITS.scripts, AUDIT_KINDS.scripts),
    store.audits(AUDITS.strangers, AUDIT_KINDS.strangers),
  ])
  const dated = (audits: readonly AuditEntry[]) =>
    audits.map(({ at, who, what, detail }) => ({ when: calendar.second(at), who, what, detail }))
  const view = {
    ...(ledger && { ledger: { ...ledger, isBalanced: isBalanced(ledger) } }),
    events: totals.events,
    untracked: totals.untracked,
    sessions: totals.endings.completed + totals.endings.open + totals.endings.lost,
    ...(totals.bytes > 0 && { size: showSize(totals.bytes) }),
    ...(totals.bytes > 0 && totals.events > 0 && { bytesPerEvent: Math.round(totals.bytes / totals.events) }),
    audits: { people: dated(people), scripts: dated(scripts), strangers: dated(strangers) },
    config: stringify(deps.shownConfig),
  }
  return page(<HealthPage account={visitor.name} view={view} />)
}

/** How many of each are shown. */
const AUDITS = { people: 20, scripts: 5, strangers: 10 } as const
