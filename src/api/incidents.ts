import { z } from 'zod'
import { countShape, instant, list } from '../lib/shapes.ts'
import { ANSWER_PAGE_BYTES, paging, parameter } from '../query/parameters.ts'
import { fitPage } from '../report/page.ts'
import { categoryCountShape } from '../report/shapes.ts'
import { INCIDENT_CATEGORIES } from '../trail/incident.ts'
import { rendererOf } from './render.ts'
import { resource } from './resource.ts'

const incident = z.strictObject({
  id: z.string(),
  at: instant,
  category: z.enum(INCIDENT_CATEGORIES),
  flow: z.string(),
  detail: z.string(),
  count: countShape,
})

export const incidentsResource = resource({
  path: '/incidents',
  summary: 'Requests that were refused: how many of each category, and the newest, a page at a time.',
  parameters: {
    category: parameter(
      z.enum(INCIDENT_CATEGORIES).optional(),
      'Only those of this category.',
      `one of ${INCIDENT_CATEGORIES.join(', ')}`,
    ),
    ...paging(1_000),
  },
  answer: z.strictObject({
    categories: list(categoryCountShape),
    incidents: list(incident),
    next: z.string().optional(),
  }),
  report: 'incidents',
  show({ categories, incidents: page }) {
    const { items, ...next } = fitPage(page, ANSWER_PAGE_BYTES, showIncident, ({ at, id }) => ({ at, id }))
    return { categories, incidents: items, ...next }
  },
})

const showIncident = rendererOf(incident)
