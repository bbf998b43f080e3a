import { z } from 'zod'
import { PERIOD } from '../query/parameters.ts'
import { resource } from './resource.ts'
import { countShape, list, period, showPeriod } from './shapes.ts'

const flow = z.strictObject({
  flow: z.string(),
  current: z
    .strictObject({
      version: z.string(),
      start: z.string(),
      screens: list(z.string()),
      funnel: list(list(z.string())),
    })
    .optional(),
  versions: list(z.strictObject({ version: z.string(), sessions: countShape })),
})

export const flowsResource = resource({
  path: '/flows',
  summary: 'The flows, as the config has them now, and the versions that sessions began in.',
  parameters: PERIOD,
  answer: z.strictObject({ period, flows: list(flow) }),
  report: 'flows',
  question: ({ query }) => query,
  show: ({ period, flows }) => ({ period: showPeriod(period), flows }),
})
