import { canonical, isMissing, type Json, type JsonObject } from '../lib/json.ts'
import type { SessionCounts, Step } from './shapes.ts'

export type { SessionCounts, Step, StepEnd } from './shapes.ts'

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
  /** The last value of each closed-choice field until completion, as it was sent: of several options a list. */
  readonly choices: JsonObject
  readonly counts: SessionCounts
  /** How many events of the token this was computed from. It never replaces one with a larger count. */
  readonly sourceEventCount: number
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

/**
 * Of more visits, a path has only the first, then the first visit of each screen that comes later, and the last one. As names can be
 * made up, the later screens are no more than this either.
 */
const LONGEST_PATH = 60

/** The visits of a session that funnels and paths count, however they read it. */
export function stepsOfPath(all: readonly Step[]): readonly Step[] {
  const steps = countedSteps(all)
  if (steps.length <= LONGEST_PATH) return steps
  const first = steps.slice(0, LONGEST_PATH - 1)
  const known = new Set(first.map(({ screen }) => screen))
  const later = new Map<string, Step>()
  for (const step of steps.slice(first.length, -1))
    if (!known.has(step.screen) && !later.has(step.screen)) later.set(step.screen, step)
  return [...first, ...[...later.values()].slice(0, LONGEST_PATH), ...steps.slice(-1)]
}

/** Not a missing value, nor one that the field policy withheld, such as `{ $length: 4 }`. */
export const isChoice = (value: Json): boolean =>
  !isMissing(value) && (typeof value !== 'object' || Array.isArray(value))

/** Each option that was chosen, once: a field may take several, in any order. */
export const optionsOf = (value: Json): readonly Json[] =>
  Array.isArray(value)
    ? [...new Map(value.filter(isChoice).map((option) => [canonical(option), option])).values()]
    : [value]

export const ENDINGS = ['completed', 'open', 'lost'] as const
export type Ending = (typeof ENDINGS)[number]

/** `lostAfterMs`: `session.lost_after`. */
export function endingOf(session: Pick<Session, 'completedAt' | 'lastAt'>, now: number, lostAfterMs: number): Ending {
  if (session.completedAt !== undefined) return 'completed'
  return now - session.lastAt < lostAfterMs ? 'open' : 'lost'
}
