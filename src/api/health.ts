import { z } from 'zod'
import { LATENCY_LEVELS, LEAST_REQUESTS, SHARE_LEVELS } from '../insight/health.ts'
import { parameter } from '../query/parameters.ts'
import type { HealthPoint } from '../report/health.ts'
import { refused, showRefused } from './error-shapes.ts'
import { resource } from './resource.ts'
import { countShape, instant, iso, list, rate } from './shapes.ts'

const levelOf = <L extends object>(levels: L) =>
  z.enum(['too_few_requests', 'ok', ...(Object.keys(levels) as (keyof L & string)[])])

const ms = z.number().min(0).optional()
const share = rate.extend({ level: levelOf(SHARE_LEVELS) })

const point = z.strictObject({
  at: instant,
  latencyMs: z.strictObject({ n: countShape, p50: ms, p90: ms, level: levelOf(LATENCY_LEVELS) }),
  endpointErrors: share.extend({ timedOut: countShape, refused }).nullable(),
  clientErrors: share,
  failed: rate,
})

export const healthResource = resource({
  path: '/flows/{flow}/health',
  summary: `How a flow does, in the windows and levels at which Meta sends alerts: now, and every five minutes of the last 24 hours. Of fewer than ${LEAST_REQUESTS} requests no level is told. Availability is not here: Meta checks it from outside.`,
  parameters: {
    at: parameter(
      z.iso
        .datetime({ offset: true })
        .transform((text) => Date.parse(text))
        .optional(),
      'As of this instant, to the end of its five minutes; now by default.',
      'an instant such as 2026-11-22T14:05:00Z',
    ),
  },
  answer: z.strictObject({
    flow: z.string(),
    incidentsSince: instant.optional(),
    now: point,
    curve: list(point),
  }),
  report: 'health',
  question: ({ params: { flow = '' }, query: { at } }) => ({ flow, at }),
  show: ({ flow, incidentsSince, now, curve }) => ({
    flow,
    ...(incidentsSince !== undefined && { incidentsSince: iso(incidentsSince) }),
    now: showPoint(now),
    curve: curve.map(showPoint),
  }),
})

const showPoint = ({ at, latency, endpointErrors, clientErrors, failed }: HealthPoint) => ({
  at: iso(at),
  latencyMs: latency,
  endpointErrors: endpointErrors ? { ...endpointErrors, refused: showRefused(endpointErrors.refused) } : null,
  clientErrors,
  failed,
})
