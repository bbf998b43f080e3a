import { z } from 'zod'
import { FAULTS } from '../insight/errors.ts'
import { RECEIVED_VERSION } from '../query/parameters.ts'
import type { Span } from '../rollup/time.ts'
import { faults, showFaults } from './error-shapes.ts'
import { flowResource } from './resource.ts'
import { countShape, instant, iso, list, rate } from './shapes.ts'

const place = { screen: z.string(), n: countShape }

const spike = z.strictObject({
  sentence: z.string(),
  from: instant,
  until: instant,
  category: z.enum(FAULTS),
  now: rate,
  before: rate,
  p: z.number().min(0),
  q: z.number().min(0),
})

export const errorsResource = flowResource({
  report: 'errors',
  summary:
    'What went wrong, by when requests were received: hour by hour (over more than 14 days, day by day), where, and in which hours more often than before.',
  parameters: RECEIVED_VERSION,
  answer: {
    resolution: z.enum(['hour', 'day']),
    incidentsSince: instant.optional(),
    total: z.strictObject(faults),
    points: list(z.strictObject({ from: instant, until: instant, isPartial: z.boolean(), ...faults })),
    breakdown: z.strictObject({
      validation: list(z.strictObject({ ...place, field: z.string(), rule: z.string() })),
      client: list(z.strictObject({ ...place, key: z.string() })),
      upstream: list(z.strictObject({ ...place, source: z.string(), code: z.string() })),
      internal: list(
        z.strictObject({ ...place, code: z.string(), field: z.string().optional(), rule: z.string().optional() }),
      ),
    }),
    spikes: list(spike),
  },
  question: (query) => query,
  show: ({ resolution, incidentsSince, total, points, breakdown, spikes }) => ({
    resolution,
    ...(incidentsSince !== undefined && { incidentsSince: iso(incidentsSince) }),
    total: showFaults(total),
    points: points.map(({ isPartial, ...point }) => ({ ...showSpan(point), isPartial, ...showFaults(point) })),
    breakdown,
    spikes: spikes.map((spike) => ({ ...spike, ...showSpan(spike) })),
  }),
})

const showSpan = ({ from, until }: Span) => ({ from: iso(from), until: iso(until) })
