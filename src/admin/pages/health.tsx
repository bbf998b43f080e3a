/** @jsxImportSource preact */
import { stringify } from 'yaml'
import { HealthPage, type HealthView } from '../../../views/pages/health.tsx'
import { page } from '../../http/html-response.ts'
import { isBalanced } from '../../journal/ledger.ts'
import { showSize } from '../../lib/units.ts'
import { AUDIT_KINDS } from '../../store/audit-kinds.ts'
import type { AuditEntry } from '../../store/store.ts'
import { flowPath } from '../flow-frame.ts'
import { levelsOf } from '../levels.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { serversOf } from '../servers.ts'

export async function getHealthPage(deps: PageDeps, { user }: AccountRequest): Promise<Response> {
  const { store, config, clock, localTime } = deps
  const [ledger, totals, people, scripts, strangers, auditHead] = await Promise.all([
    deps.ledger(),
    store.totals(clock(), config.session.lost_after),
    store.audits(AUDIT_LIMITS.people, AUDIT_KINDS.people),
    store.audits(AUDIT_LIMITS.scripts, AUDIT_KINDS.scripts),
    store.audits(AUDIT_LIMITS.strangers, AUDIT_KINDS.strangers),
    store.auditHead(),
  ])
  const flows = await Promise.all(
    Object.keys(config.flows).map(async (flow) => {
      const health = await deps.ask('health', { flow, points: 1 }, clock())
      return health.ok ? [{ flow, href: flowPath(flow, '/health'), ...levelsOf(health.report.now) }] : []
    }),
  )
  const rowsOf = (audits: readonly AuditEntry[]) =>
    audits.map(({ at, who, what, detail }) => ({ time: localTime.second(at), who, what, detail }))
  const view: HealthView = {
    flows: flows.flat(),
    spared: Object.keys(config.flows)
      .filter((flow) => serversOf(deps, flow).some(({ isSpared }) => isSpared))
      .map((flow) => ({ flow, href: flowPath(flow, '/answers') })),
    ...(ledger && { ledger: { ...ledger, repeated: ledger.alreadyStored, isBalanced: isBalanced(ledger) } }),
    events: totals.events,
    untracked: totals.untracked,
    sessions: totals.endings.completed + totals.endings.open + totals.endings.lost,
    ...(totals.bytes > 0 && { size: showSize(totals.bytes) }),
    ...(totals.bytes > 0 && totals.events > 0 && { bytesPerEvent: Math.round(totals.bytes / totals.events) }),
    ...(auditHead && { newestAudit: { number: auditHead.number, hash: auditHead.hash } }),
    audits: { people: rowsOf(people), scripts: rowsOf(scripts), strangers: rowsOf(strangers) },
    config: stringify(deps.shownConfig),
  }
  return page(<HealthPage account={pageAccount(user)} view={view} />)
}

const AUDIT_LIMITS = { people: 20, scripts: 5, strangers: 10 } as const
