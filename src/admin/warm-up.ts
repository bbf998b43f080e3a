// Makes the pages that people open first before somebody comes: then their numbers are in memory, and their code is compiled.

import { listAccounts } from './auth/accounts.ts'
import { flowPath } from './flow-frame.ts'
import { getErrorsPage } from './pages/errors.tsx'
import { getFlowPage } from './pages/flow.tsx'
import { getOverviewPage } from './pages/overview.tsx'
import type { AccountRequest, PageDeps } from './request.ts'

/** JavaScript that has run this often is compiled well enough. */
const ROUNDS = 8
/** Where a page takes long, this much is left to the first visitor. */
const LONGEST_MS = 3_000

/**
 * The overview, and of the largest flow its page, also compared, and its errors, as the first account sees them; nothing where nobody
 * has an account, or nobody walked a flow. Stops when somebody comes. What fails here fails the page, too, and is told then.
 */
export async function warmUp(deps: PageDeps, hasVisitor: () => boolean): Promise<void> {
  const [account] = await listAccounts(deps)
  const flow = account && (await largestFlow(deps))
  if (!account || flow === undefined) return
  const asked = (path: string): AccountRequest => {
    const url = new URL(path, 'http://localhost')
    return { request: new Request(url), url, ip: '', user: { name: account.name, account, loginId: '' } }
  }
  const pages = [
    () => getOverviewPage(deps, asked('/admin/overview')),
    () => getFlowPage(deps, asked(flowPath(flow)), flow),
    () => getFlowPage(deps, asked(flowPath(flow, '?compare=previous')), flow),
    () => getErrorsPage(deps, asked(flowPath(flow, '/errors')), flow),
  ]
  const endsAt = deps.clock() + LONGEST_MS
  for (let round = 0; round < ROUNDS; round++)
    for (const make of pages) {
      if (hasVisitor() || deps.clock() > endsAt) return
      await (await make()).arrayBuffer()
    }
}

async function largestFlow({ ask, clock }: PageDeps): Promise<string | undefined> {
  const overview = await ask('overview', {}, clock())
  if (!overview.ok) return undefined
  const used = overview.report.flows.filter(({ sessions }) => sessions > 0)
  return used.sort((a, b) => b.sessions - a.sessions)[0]?.flow
}
