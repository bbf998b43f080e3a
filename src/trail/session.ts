import type { JsonObject } from '../lib/json.ts'
import type { TrailError } from './event.ts'

/** How a visit to a screen ended. A visit that has not ended has no `end`. */
export type StepEnd = 'submitted' | 'completed' | 'back' | 'reopened' | 'moved'

/** One visit to one screen. */
export type Step = {
  readonly screen: string
  /** `seen`: we sent the screen. `inferred`: a request came from it that we had not sent (the client moved there by itself). */
  readonly showing: 'seen' | 'inferred'
  /** When we sent it; for an inferred visit, when the first request came from it. */
  readonly shownAt: number
  readonly leftAt?: number
  readonly end?: StepEnd
  /** Time the user had the screen before each request from it, summed; milliseconds. Unknown time is not counted. */
  readonly dwellMs: number
  /** Our time over the requests from this screen, of which `upstreamMs` waiting on outside APIs; milliseconds. */
  readonly processingMs: number
  readonly upstreamMs: number
  /** Our time over the request that this showing answered, milliseconds. Absent for a screen that we did not send. */
  readonly loadMs?: number
  /** Requests from this screen, repeats not counted. */
  readonly requests: number
  /** Refused submissions by field and rule. */
  readonly rejects: readonly { readonly field: string; readonly rule: string; readonly count: number }[]
  /** Other errors while the user was here: client errors, upstream failures, our own. */
  readonly errors: readonly TrailError[]
}

/** What one person did in one flow, derived from the events of one token. Always recomputable, never edited. */
export type Session = {
  readonly id: string
  readonly flow: string
  /** The version of the session's first event. */
  readonly version: string
  readonly token: string
  readonly startedAt: number
  readonly lastAt: number
  readonly completedAt?: number
  readonly steps: readonly Step[]
  /** Index of the furthest funnel step reached, until completing; -1 when none was. */
  readonly furthest: number
  /** The screen the person was last on. */
  readonly exit: string
  /** The last value of each closed-choice field, until completing. */
  readonly choices: JsonObject
  readonly counts: SessionCounts
  /** How many events of the token this was computed from. A summary never replaces one with a larger count. */
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

/** What the derivation needs to know of a flow and of the `session:` section of the config. */
export type SessionRules = {
  /** A longer silence starts a new session. */
  readonly gapMs: number
  /** The same action, screen and data again within this time is a repeat. */
  readonly repeatWindowMs: number
  /** The ordered funnel; each step is reached on any of its screens. */
  readonly funnel: readonly (readonly string[])[]
  /** The closed-choice fields of each screen. */
  readonly choices: { readonly [screen: string]: readonly string[] }
}

/** The rules of each flow by its key. A flow that is no longer in the config falls back to `otherwise`. */
export type SessionRulebook = {
  readonly flows: { readonly [flow: string]: SessionRules }
  readonly otherwise: SessionRules
}

/** The visits that numbers are made from: what people do after completing, until the session is over, shows and counts no more. */
export function countedSteps(steps: readonly Step[]): readonly Step[] {
  const completing = steps.findIndex(({ end }) => end === 'completed')
  return completing < 0 ? steps : steps.slice(0, completing + 1)
}

export type Ending = 'completed' | 'open' | 'lost'

/** What the session is at the moment of asking. `lostAfterMs` is `session.lost_after`. */
export function endingOf(session: Pick<Session, 'completedAt' | 'lastAt'>, now: number, lostAfterMs: number): Ending {
  if (session.completedAt !== undefined) return 'completed'
  return now - session.lastAt < lostAfterMs ? 'open' : 'lost'
}
