import { z } from 'zod'
import { VERSION } from './parameters.ts'
import { flowResource } from './resource.ts'
import { count, list } from './shapes.ts'

const finding = z.strictObject({
  kind: z.enum([
    'untracked_events',
    'shared_tokens',
    'no_openings',
    'inferred_screens',
    'unseen_screens',
    'unknown_screens',
  ]),
  found: z.string(),
  remedy: z.string(),
  screens: list(z.string()).optional(),
  count,
})

export const qualityResource = flowResource({
  name: 'quality',
  summary: 'What the endpoint cannot see of the flow, and what can be done about it.',
  parameters: VERSION,
  answer: { findings: list(finding) },
  report: 'quality',
  question: (query) => query,
  show: ({ findings }) => ({ findings }),
})
