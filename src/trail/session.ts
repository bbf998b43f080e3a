import type { JsonObject } from '../lib/json.ts'
import type { TrailError } from './event.ts'

/** How a visit to a screen ended. */
export type StepEnd = 'submitted' | 'completed' | 'back' | 'reopened' | 'moved'

/** One visit to one screen. */
export type Step = {
  readonly screen: string
  /** `seen`: we sent the screen. `inferred`: a request came from a screen we had not sent (the client moved there by itself). */
  readonly showing: 'seen' | 'inferred'
  /** When we sent it; for an inferred visit, the time of its first request. */
  readonly shownAt: number
  /** Absent while the visit is open, like `end`. */
  readonly leftAt?: number
  readonly end?: StepEnd
  /** Time the user had the screen before each request from it, summed; milliseconds. Unknown time does not count. */
  readonly dwellMs: number
  /** Our time over the requests from this screen, `upstreamMs` of it waiting for outside APIs; milliseconds. */
  readonly processingMs: number
  readonly upstreamMs: number
  /** Our time over the request answered with this screen, milliseconds. Absent if we did not send it. */
  readonly loadMs?: number
  /** Requests from this screen, without repeats. */
  readonly requests: number
  /** Refused submissions by field and rule. */
  readonly rejects: readonly { readonly field: string; readonly rule: string; readonly count: number }[]
  /** Other errors while the user was here: of the client, of outside APIs, our own. */
  readonly errors: readonly TrailError[]
}

/** What one person did in one flow. Derived from the events of one token, never edited. */
export type Session = {
  readonly id: string
  readonly flow: string
  /** Of the session's first event. */
  readonly version: string
  readonly token: string
  readonly startedAt: number
  readonly lastAt: number
  readonly completedAt?: number
  readonly steps: readonly Step[]
  /** Index of the furthest funnel step reached until completion; -1 if none was. */
  readonly furthest: number
  /** The screen the person was last on; of a completed session, the one that completed it. */
  readonly exit: string
  /** The last value of each closed-choice field until completion. */
  readonly choices: JsonObject
  readonly counts: SessionCounts
  /** How many events of the token this was computed from. It never replaces one with a larger count. */
  readonly sourceEventCount: number
}

export type SessionCounts = {
  readonly events: number
  readonly repeats: number
  readonly rejects: number
  readonly backs: number
  readonly reopens: number
  readonly clientErrors: number
}

/** How sessions are derived: from the flow and the `session:` section of the config. */
export type SessionRules = {
  /** A longer silence starts a new session. */
  readonly gapMs: number
  /** The same request again within this time is a repeat. */
  readonly repeatWindowMs: number
  /** Ordered steps, each reached on any of its screens. */
  readonly funnel: readonly (readonly string[])[]
  /** The closed-choice fields of each screen. */
  readonly choices: { readonly [screen: string]: readonly string[] }
}

/** Rules by flow; `otherwise` for flows no longer in the config. */
export type SessionRulebook = {
  readonly flows: { readonly [flow: string]: SessionRules }
  readonly otherwise: SessionRules
}

/** The visits that count: what people do after completing does not. */
export function countedSteps(steps: readonly Step[]): readonly Step[] {
  const completing = steps.findIndex(({ end }) => end === 'completed')
  return completing < 0 ? steps : steps.slice(0, completing + 1)
}

export const ENDINGS = ['completed', 'open', 'lost'] as const
export type Ending = (typeof ENDINGS)[number]

/** `lostAfterMs`: `session.lost_after`. */
export function endingOf(session: Pick<Session, 'completedAt' | 'lastAt'>, now: number, lostAfterMs: number): Ending {
  if (session.completedAt !== undefined) return 'completed'
  return now - session.lastAt < lostAfterMs ? 'open' : 'lost'
}
