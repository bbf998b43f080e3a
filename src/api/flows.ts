import { z } from 'zod'
import { flowsReport } from '../report/flows.ts'
import { periodOf } from '../report/period.ts'
import { reported } from '../report/result.ts'
import { PERIOD } from './parameters.ts'
import { resource } from './resource.ts'
import { count, list, period, showPeriod } from './shapes.ts'

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
  versions: list(z.strictObject({ version: z.string(), sessions: count })),
})

export const flowsResource = resource({
  path: '/flows',
  summary: 'The flows, as the config has them now, and the versions that sessions began in.',
  parameters: PERIOD,
  answer: z.strictObject({ period, flows: list(flow) }),
  async read({ reader, query }) {
    const asked = periodOf(query, reader.timezone, reader.now)
    if (!asked.ok) return asked
    return reported({ period: showPeriod(asked.report), flows: await flowsReport(reader, asked.report) })
  },
})
