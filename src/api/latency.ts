import { z } from 'zod'
import { VERSION } from '../query/parameters.ts'
import { LOAD_BUCKETS } from '../rollup/load-bucket.ts'
import { flowResource } from './resource.ts'
import { countShape, list, rate, spread } from './shapes.ts'

const screen = z.strictObject({
  screen: z.string(),
  loadMs: spread,
  answerMs: spread,
  upstreamMs: spread,
  dropOffByLoad: list(
    z.strictObject({ bucket: z.enum(LOAD_BUCKETS), sessions: countShape, open: countShape, dropOff: rate }),
  ),
})

export const latencyResource = flowResource({
  report: 'latency',
  summary: 'How long people waited for each screen, and the share that left by how long it took.',
  parameters: VERSION,
  answer: { screens: list(screen) },
  question: (query) => query,
  show: ({ screens }) => ({ screens }),
})
