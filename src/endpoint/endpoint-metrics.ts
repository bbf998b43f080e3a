import type { IncidentCategory } from '../trail/incident.ts'

export type EndpointMetrics = {
  /** `flow`: as in the request, whether it exists or not. */
  observeReply(reply: {
    readonly flow: string
    readonly status: number
    readonly ms: number
    readonly isPing: boolean
  }): void
  observeIncident(category: IncidentCategory): void
  /** Of a request that a tap let pass, and that is not on the trail. */
  observeUnseen(flow: string): void
}
