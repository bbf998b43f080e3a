// Which sessions a list holds. Judged by the same facts that the numbers count, so that a number and its list agree.

import { type FunnelQuery, furthestOf, visitedPathOf } from '../insight/funnel.ts'
import type { Factor } from '../insight/shapes.ts'
import { own } from '../lib/json.ts'
import { loadBucketOf } from '../rollup/load-bucket.ts'
import { isAccepted, isBack } from '../rollup/screen-aggregate.ts'
import { countedSteps, optionsOf, type Session, type Step, stepsOfPath } from '../trail/session.ts'
import { hourOf, weekdayAt } from './labelled-spans.ts'
import { isChosen } from './slices.ts'

/**
 * What sessions have in common. `rule` and `load` factors, `visit` and `error` are about the visits to one screen: to `screen`, else to
 * `exit`, else to any.
 */
export type SessionFilter = {
  readonly factors: readonly Factor[]
  /** They visited this screen. */
  readonly screen?: string | undefined
  /** The screen that people were on last. */
  readonly exit?: string | undefined
  readonly visit?: VisitKind | undefined
  /** The code of an error other than a refusal. */
  readonly error?: string | undefined
  /** What they did after completing counts for `screen`, `visit`, `error` and the factors, too. */
  readonly isThroughout?: true | undefined
  /** They visited these screens one right after the other. */
  readonly path?: readonly string[] | undefined
  readonly place?: FunnelPlace | undefined
}

export const VISIT_KINDS = [
  'submitted',
  'refused',
  'corrected',
  'back',
  'unseen_back',
  'reopened',
  'moved',
  'inferred',
  'client_error',
] as const

export type VisitKind = (typeof VISIT_KINDS)[number]

/** Where sessions are in a funnel; without `steps`, in that of the config. Steps count from 1. */
export type FunnelPlace = Omit<FunnelQuery, 'steps'> & {
  readonly steps?: FunnelQuery['steps'] | undefined
  readonly reached?: number | undefined
  /** They reached this step and no later one. */
  readonly furthest?: number | undefined
  /** They are left out by `exclude`. */
  readonly isExcluded?: true | undefined
}

export const isFiltering = ({ factors, screen, visit, error, path, place }: SessionFilter): boolean =>
  factors.length > 0 || [screen, visit, error, path, place].some((part) => part !== undefined)

/** `funnel`: the steps of the config. */
export function matches(
  session: Session,
  filter: SessionFilter,
  { timezone, funnel }: { readonly timezone: string; readonly funnel: FunnelQuery['steps'] },
): boolean {
  const { factors, exit, screen, visit, error, path, place, isThroughout } = filter
  const steps = isThroughout ? session.steps : countedSteps(session.steps)
  const there = screen ?? exit
  const visits = there === undefined ? steps : steps.filter((step) => step.screen === there)
  return (
    (screen === undefined || visits.length > 0) &&
    (visit === undefined || visits.some(IS_OF_KIND[visit])) &&
    (error === undefined || visits.some(({ errors }) => errors.some(({ code }) => code === error))) &&
    (path === undefined || hasPath(stepsOfPath(session.steps), path)) &&
    (place === undefined || isAt(session, { ...place, steps: place.steps ?? funnel })) &&
    factors.every((factor) => hasFactor(session, visits, factor, timezone))
  )
}

const IS_OF_KIND: { readonly [kind in VisitKind]: (visit: Step) => boolean } = {
  submitted: isAccepted,
  refused: ({ rejects }) => rejects.length > 0,
  corrected: (visit) => visit.rejects.length > 0 && isAccepted(visit),
  back: isBack,
  unseen_back: ({ end }) => end === 'unseen_back',
  reopened: ({ end }) => end === 'reopened',
  moved: ({ end }) => end === 'moved',
  inferred: ({ showing }) => showing === 'inferred',
  client_error: ({ errors }) => errors.some(({ code }) => code.startsWith('client:')),
}

const hasPath = (steps: readonly Step[], path: readonly string[]): boolean =>
  steps.some((_, start) => path.every((screen, index) => steps[start + index]?.screen === screen))

function isAt(session: Session, { reached, furthest, isExcluded, ...query }: FunnelPlace & FunnelQuery): boolean {
  const step = furthestOf(visitedPathOf(session), query)
  if (step === 'excluded' || isExcluded) return step === 'excluded' && isExcluded === true
  return (reached === undefined || step + 1 >= reached) && (furthest === undefined || step + 1 === furthest)
}

function hasFactor(session: Session, visits: readonly Step[], factor: Factor, timezone: string): boolean {
  switch (factor.kind) {
    case 'choice': {
      const value = own(session.choices, factor.field)
      const text = typeof factor.value === 'string' ? factor.value : JSON.stringify(factor.value)
      const options = value === undefined ? [] : optionsOf(value)
      return options.some((option) => isChosen({ value: option }, { field: factor.field, value: text }))
    }
    case 'rule':
      return visits.some(({ rejects }) => rejects.some((r) => r.field === factor.field && r.rule === factor.rule))
    case 'load': {
      const loadMs = visits.findLast((visit) => visit.loadMs !== undefined)?.loadMs
      return loadMs !== undefined && loadBucketOf(loadMs) === factor.bucket
    }
    case 'weekday':
      return weekdayAt(session.startedAt, timezone) === factor.weekday
    case 'hour':
      return hourOf(session.startedAt, timezone) === factor.hour
    case 'version':
      return session.version === factor.version
  }
}
