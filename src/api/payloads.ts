import { z } from 'zod'
import { RECEIVED_VERSION } from '../query/parameters.ts'
import { flowResource } from './resource.ts'
import { countShape, list } from './shapes.ts'

const bytes = z.number().min(0).optional()

const sizes = z.strictObject({ n: countShape, p50: bytes, p99: bytes, max: bytes, ofLimit: bytes })

export const payloadsResource = flowResource({
  report: 'payloads',
  summary: 'How large requests and replies are, screen by screen, against what Meta lets through.',
  parameters: RECEIVED_VERSION,
  answer: {
    limitBytes: countShape,
    screens: list(z.strictObject({ screen: z.string(), request: sizes, reply: sizes })),
  },
  question: (query) => query,
  show: ({ limitBytes, screens }) => ({ limitBytes, screens }),
})
