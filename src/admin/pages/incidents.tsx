/** @jsxImportSource preact */
import { IncidentsPage } from '../../../views/pages/incidents.tsx'
import { page } from '../../http/html-response.ts'
import { categoryCounts } from '../../report/incidents.ts'
import type { IncidentQuery } from '../../store/store.ts'
import { INCIDENT_CATEGORIES } from '../../trail/incident.ts'
import { adviseOnSecrets, areForeign, describeSignatures } from '../../trail/signature-counts.ts'
import type { AccountRequest, PageDeps } from '../request.ts'

export async function showIncidents(deps: PageDeps, { url, visitor }: AccountRequest): Promise<Response> {
  const { store, calendar, secretPlaces } = deps
  const category = INCIDENT_CATEGORIES.find((known) => known === url.searchParams.get('category'))
  const after = url.searchParams.get('after')
  const query: IncidentQuery = { limit: PAGE, ...(category && { category }), ...(after && { after }) }
  const [found, counts] = await Promise.all([store.incidents(query), store.incidentCounts()])
  const signatures = deps.signatures()
  const address = (cursor?: string) =>
    `/admin/incidents?${new URLSearchParams({ ...(category && { category }), ...(cursor && { after: cursor }) })}`
  const view = {
    categories: categoryCounts(counts),
    ...(areForeign(signatures) && { warning: `${describeSignatures(signatures)}; ${adviseOnSecrets(secretPlaces)}.` }),
    ...(category && { chosen: category }),
    lines: found.items.map((incident) => ({ ...incident, when: calendar.second(incident.at) })),
    ...(after && { newest: address() }),
    ...(found.next && { older: address(found.next) }),
  }
  return page(<IncidentsPage account={visitor.name} view={view} />)
}

const PAGE = 50
