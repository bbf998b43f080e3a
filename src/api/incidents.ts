import { z } from 'zod'
import { ANSWER_PAGE_BYTES, paging, parameter } from '../query/parameters.ts'
import { fitPage } from '../report/page.ts'
import { INCIDENT_CATEGORIES, type Incident } from '../trail/incident.ts'
import { resource } from './resource.ts'
import { countShape, instant, iso, list } from './shapes.ts'

const category = z.enum(INCIDENT_CATEGORIES)

export const incidentsResource = resource({
  path: '/incidents',
  summary: 'Requests that were refused: how many of each category, and the newest, a page at a time.',
  parameters: {
    category: parameter(
      category.optional(),
      'Only those of this category.',
      `one of ${INCIDENT_CATEGORIES.join(', ')}`,
    ),
    ...paging(1_000),
  },
  answer: z.strictObject({
    categories: list(
      z.strictObject({ category, label: z.string(), meaning: z.string(), fix: z.string(), requests: countShape }),
    ),
    incidents: list(
      z.strictObject({
        id: z.string(),
        at: instant,
        category,
        flow: z.string(),
        detail: z.string(),
        count: countShape,
      }),
    ),
    next: z.string().optional(),
  }),
  report: 'incidents',
  question: ({ query }) => query,
  show({ categories, incidents: page }) {
    const { items, next } = fitPage(page, ANSWER_PAGE_BYTES, showIncident, ({ at, id }) => ({ at, id }))
    return { categories, incidents: items, ...(next !== undefined && { next }) }
  },
})

const showIncident = ({ id, at, category, flow, detail, count }: Incident) => ({
  ...{ id, at: iso(at), category, flow, detail, count },
})
