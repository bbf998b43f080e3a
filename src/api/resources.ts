// Everything at `/api/v1` except the OpenAPI document. The reports that are told as they are stand here, the others in files of their own.

import { z } from 'zod'
import { LEAST_REQUESTS } from '../insight/health.ts'
import {
  errorBreakdownShape,
  faultsShape,
  findingShape,
  frictionShape,
  latencyShape,
  outcomesShape,
  pathsShape,
  payloadsShape,
  stepDwellShape,
  timeToConvertShape,
  versionOfDayShape,
} from '../insight/shapes.ts'
import { countShape, instant, list } from '../lib/shapes.ts'
import { CHOICE, name, PERIOD, parameter, RECEIVED_VERSION, VERSION } from '../query/parameters.ts'
import {
  faultPointShape,
  flowLineShape,
  flowReportShape,
  healthPointShape,
  overviewLineShape,
  periodShape,
  screenReportShape,
  spikeLineShape,
} from '../report/shapes.ts'
import { answersResource } from './answers.ts'
import { driversResource } from './drivers.ts'
import { exportsResource } from './exports.ts'
import { funnelResource } from './funnel.ts'
import { incidentsResource } from './incidents.ts'
import { type Resource, resource } from './resource.ts'
import { sessionResource } from './session.ts'
import { sessionsResource } from './sessions.ts'

export const flowsResource = resource({
  path: '/flows',
  summary: 'The flows, as the config has them now, and the versions that sessions began in.',
  parameters: PERIOD,
  answer: z.strictObject({
    period: periodShape,
    removedBefore: instant.exactOptional(),
    flows: list(flowLineShape),
  }),
  report: 'flows',
})

export const overviewResource = resource({
  path: '/overview',
  summary: 'Each flow in one line: who came and came through, day by day, and where most were lost.',
  parameters: PERIOD,
  answer: z.strictObject({
    period: periodShape,
    removedBefore: instant.exactOptional(),
    flows: list(overviewLineShape),
  }),
  report: 'overview',
})

export const frictionResource = resource({
  path: '/flows/{flow}/friction',
  summary: 'Where it grates: each screen, the one with the most sessions lost first.',
  parameters: { ...PERIOD, ...VERSION },
  answer: screenReportShape({ screens: list(frictionShape), steps: list(stepDwellShape) }),
  report: 'friction',
})

export const pathsResource = resource({
  path: '/flows/{flow}/paths',
  summary: 'From screen to screen: how many went where.',
  parameters: {
    ...PERIOD,
    ...VERSION,
    ...CHOICE,
    after: parameter(name().optional(), 'Only what comes from the first visit of this screen on.', 'a screen'),
    before: parameter(
      name().optional(),
      'Only what comes up to the first visit of this screen; who did more there is told as `wentOn`.',
      'a screen',
    ),
  },
  answer: screenReportShape(pathsShape.shape),
  report: 'paths',
})

export const latencyResource = resource({
  path: '/flows/{flow}/latency',
  summary: 'How long people waited for each screen, and the share that left by how long it took.',
  parameters: { ...PERIOD, ...VERSION },
  answer: screenReportShape({ screens: list(latencyShape) }),
  report: 'latency',
})

export const timeToConvertResource = resource({
  path: '/flows/{flow}/time-to-convert',
  summary: 'How long people take from their first request to the one that completes.',
  parameters: { ...PERIOD, ...VERSION },
  answer: flowReportShape(timeToConvertShape.shape),
  report: 'time-to-convert',
})

export const trendResource = resource({
  path: '/flows/{flow}/trend',
  summary: 'How many came each day, and came through.',
  parameters: { ...PERIOD, ...VERSION, ...CHOICE },
  answer: flowReportShape({
    total: outcomesShape,
    versions: list(versionOfDayShape),
    days: list(z.strictObject({ day: z.iso.date(), isSettled: z.boolean(), ...outcomesShape.shape })),
  }),
  report: 'trend',
})

export const qualityResource = resource({
  path: '/flows/{flow}/quality',
  summary: 'What the endpoint cannot see of the flow, and what can be done about it.',
  parameters: { ...PERIOD, ...VERSION },
  answer: screenReportShape({ findings: list(findingShape) }),
  report: 'quality',
})

export const errorsResource = resource({
  path: '/flows/{flow}/errors',
  summary:
    'What went wrong, by when requests were received: hour by hour (over more than 14 days, day by day), where, and in which hours more often than before.',
  parameters: { ...PERIOD, ...RECEIVED_VERSION },
  answer: screenReportShape({
    resolution: z.enum(['hour', 'day']),
    incidentsSince: instant.exactOptional(),
    total: faultsShape,
    points: list(faultPointShape),
    breakdown: errorBreakdownShape,
    spikes: list(spikeLineShape),
  }),
  report: 'errors',
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
    incidentsSince: instant.exactOptional(),
    now: healthPointShape,
    curve: list(healthPointShape),
  }),
  report: 'health',
})

export const payloadsResource = resource({
  path: '/flows/{flow}/payloads',
  summary: 'How large requests and replies are, screen by screen, against what Meta lets through.',
  parameters: { ...PERIOD, ...RECEIVED_VERSION },
  answer: screenReportShape({ limitBytes: countShape, screens: list(payloadsShape) }),
  report: 'payloads',
})

export const RESOURCES: readonly Resource[] = [
  flowsResource,
  overviewResource,
  funnelResource,
  frictionResource,
  pathsResource,
  driversResource,
  latencyResource,
  timeToConvertResource,
  trendResource,
  qualityResource,
  errorsResource,
  healthResource,
  payloadsResource,
  sessionsResource,
  sessionResource,
  incidentsResource,
  exportsResource,
  answersResource,
]
