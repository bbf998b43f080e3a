import { driversResource } from './drivers.ts'
import { errorsResource } from './errors.ts'
import { flowsResource } from './flows.ts'
import { frictionResource } from './friction.ts'
import { funnelResource } from './funnel.ts'
import { healthResource } from './health.ts'
import { incidentsResource } from './incidents.ts'
import { latencyResource } from './latency.ts'
import { pathsResource } from './paths.ts'
import { payloadsResource } from './payloads.ts'
import { qualityResource } from './quality.ts'
import type { Resource } from './resource.ts'
import { sessionResource } from './session.ts'
import { sessionsResource } from './sessions.ts'
import { timeToConvertResource } from './time-to-convert.ts'
import { trendResource } from './trend.ts'

/** Everything at `/api/v1` except the OpenAPI document. */
export const RESOURCES: readonly Resource[] = [
  flowsResource,
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
]
