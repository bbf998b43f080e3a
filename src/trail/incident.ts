/** Why a request was refused. `endpoint/` maps each category to the status that Meta's clients act on. */
export const INCIDENT_CATEGORIES = [
  'decrypt_failed',
  'bad_signature',
  'token_refused',
  'malformed',
  'too_large',
  'unknown_flow',
] as const
export type IncidentCategory = (typeof INCIDENT_CATEGORIES)[number]

/** A refused request. Never holds the payload. */
export type Incident = {
  readonly id: string
  readonly at: number
  readonly category: IncidentCategory
  /** The flow's key in the config; empty if there is no such flow. */
  readonly flow: string
  /** What was wrong, in one sentence. Never quotes the request. */
  readonly detail: string
  /** How many requests this stands for: more than 1 in the summary of a minute with too many. */
  readonly count: number
}
