import { z } from 'zod'
import { VERSION } from '../query/parameters.ts'
import { flowResource } from './resource.ts'
import { countShape, list, spread } from './shapes.ts'

export const timeToConvertResource = flowResource({
  report: 'time-to-convert',
  summary: 'How long people take from their first request to the one that completes.',
  parameters: VERSION,
  answer: {
    ms: spread,
    histogram: list(z.strictObject({ underMs: z.number().positive().optional(), count: countShape })),
  },
  question: (query) => query,
  show: ({ ms, histogram }) => ({ ms, histogram }),
})
