import { z } from 'zod'
import { takeBytes } from '../lib/take-bytes.ts'
import { INCIDENT_CATEGORIES } from '../report/incident-categories.ts'
import { reported } from '../report/result.ts'
import { pageOf } from '../store/cursor.ts'
import type { IncidentCategory } from '../trail/incident.ts'
import { PAGE_BYTES, paging, parameter } from './parameters.ts'
import { resource } from './resource.ts'
import { count, instant, iso, list } from './shapes.ts'

const NAMES = INCIDENT_CATEGORIES.map(({ category }) => category) as [IncidentCategory, ...IncidentCategory[]]

const category = z.enum(NAMES)

export const incidentsResource = resource({
  path: '/incidents',
  summary: 'Requests that were refused: how many of each category, and the newest, a page at a time.',
  parameters: {
    category: parameter(category.optional(), 'Only those of this category.', `one of ${NAMES.join(', ')}`),
    ...paging(1_000),
  },
  answer: z.strictObject({
    categories: list(
      z.strictObject({ category, label: z.string(), meaning: z.string(), fix: z.string(), requests: count }),
    ),
    incidents: list(
      z.strictObject({ id: z.string(), at: instant, category, flow: z.string(), detail: z.string(), count }),
    ),
    next: z.string().optional(),
  }),
  async read({ reader: { store }, query: { category, limit, after } }) {
    const asked = { limit, ...(category && { category }), ...(after !== undefined && { after }) }
    const [page, counts] = await Promise.all([store.incidents(asked), store.incidentCounts()])
    const incidents = takeBytes(page.items, PAGE_BYTES)
    const { next = page.next } = pageOf(page.items, incidents.length, ({ at, id }) => ({ at, id }))
    return reported({
      categories: INCIDENT_CATEGORIES.map((known) => ({ ...known, requests: counts[known.category] ?? 0 })),
      incidents: incidents.map(({ id, at, category, flow, detail, count }) => ({
        ...{ id, at: iso(at), category, flow, detail, count },
      })),
      ...(next !== undefined && { next }),
    })
  },
})
