/** Why a request gave no event. Meta's clients act on the status; see `endpoint/` for which goes with which. */
export const INCIDENT_CATEGORIES = [
  'decrypt_failed',
  'bad_signature',
  'token_refused',
  'malformed',
  'too_large',
  'unknown_flow',
] as const
export type IncidentCategory = (typeof INCIDENT_CATEGORIES)[number]

/** A request that was refused. Never holds the payload. */
export type Incident = {
  readonly id: string
  readonly at: number
  readonly category: IncidentCategory
  /** The flow's key in the config; empty when there is no such flow. */
  readonly flow: string
  /** One sentence of ours: what was found. */
  readonly detail: string
  /** How many requests this stands for: 1, or more for the summary of a minute in which too many came to keep each. */
  readonly count: number
}
