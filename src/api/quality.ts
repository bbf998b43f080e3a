import { z } from 'zod'
import { FINDING_KINDS } from '../insight/quality.ts'
import { VERSION } from '../query/parameters.ts'
import { flowResource } from './resource.ts'
import { countShape, list } from './shapes.ts'

const finding = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  found: z.string(),
  remedy: z.string(),
  screens: list(z.string()).optional(),
  count: countShape,
})

export const qualityResource = flowResource({
  report: 'quality',
  summary: 'What the endpoint cannot see of the flow, and what can be done about it.',
  parameters: VERSION,
  answer: { findings: list(finding) },
  question: (query) => query,
  show: ({ findings }) => ({ findings }),
})
