/** @jsxImportSource preact */
import { IncidentsPage, type IncidentsView } from '../../../views/pages/incidents.tsx'
import { page } from '../../http/html-response.ts'
import { categoryCounts } from '../../report/incidents.ts'
import { INCIDENT_CATEGORIES, type IncidentCategory } from '../../trail/incident.ts'
import { adviseOnSecrets, areForeign, describeSignatures } from '../../trail/signature-counts.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'

export async function getIncidentsPage(deps: PageDeps, { url, user }: AccountRequest): Promise<Response> {
  const { store, localTime, secretPlaces } = deps
  const selected = INCIDENT_CATEGORIES.find((category) => category === url.searchParams.get('category'))
  const filter = selected && { category: selected }
  const after = url.searchParams.get('after')
  const [found, counts] = await Promise.all([
    store.incidents({ limit: PAGE_SIZE, ...filter, ...(after && { after }) }),
    store.incidentCounts(),
  ])
  const signatures = deps.signatures()
  const categories = categoryCounts(counts)
  const labelOf = (category: IncidentCategory) =>
    categories.find((each) => each.category === category)?.label ?? category
  const urlOf = (cursor = {}) => `/admin/incidents?${new URLSearchParams({ ...filter, ...cursor })}`
  const view: IncidentsView = {
    categories,
    ...(selected && { selected: labelOf(selected) }),
    ...(areForeign(signatures) && { warning: `${describeSignatures(signatures)}; ${adviseOnSecrets(secretPlaces)}.` }),
    incidents: found.items.map(({ at, category, count, ...incident }) => ({
      ...incident,
      time: localTime.second(at),
      label: labelOf(category),
      requests: count,
    })),
    ...(after && { newest: urlOf() }),
    ...(found.next && { older: urlOf({ after: found.next }) }),
  }
  return page(<IncidentsPage account={pageAccount(user)} view={view} />)
}

const PAGE_SIZE = 50
