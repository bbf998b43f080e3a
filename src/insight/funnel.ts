// How far people get: the ordered steps of a funnel, and on which step they leave.

import type { Endings, Path } from '../rollup/session-statistics.ts'
import { rateOf } from '../stats/interval.ts'
import { type Session, stepsOfPath } from '../trail/session.ts'
import { sessionsIn, sumOfEndings } from './endings.ts'
import type { Funnel, FunnelStep, WorstStep } from './shapes.ts'

export type FunnelQuery = {
  /** In order. A session reaches a step on any of its screens, after it reached the step before. */
  readonly steps: readonly (readonly string[])[]
  /** Only screens of the step itself may come between it and the next one. */
  readonly isStrict?: boolean | undefined
  /** Leaves out the sessions that visit one of these after they reached the first step and before they reach the last. */
  readonly exclude?: readonly string[] | undefined
  /** Milliseconds from a step to the next; a session that takes longer has not reached it. Needs paths with times. */
  readonly windowMs?: number | undefined
}

/** `shownAt`: the instant at which each screen was shown, if known. */
export type TimedPath = Path & { readonly shownAt?: readonly number[] }

export function funnelOf(paths: Iterable<TimedPath>, query: FunnelQuery): Funnel {
  const byStep = Map.groupBy(paths, (path) => furthestOf(path, query))
  const ended = query.steps.map((_, step) => sumOfEndings(byStep.get(step) ?? []))
  const reached = ended.map((_, step) => sessionsIn(ended.slice(step)))
  const started = reached[0] ?? 0
  const { completed, open } = sumOfEndings(ended)
  return {
    steps: query.steps.map((screens, step) =>
      stepOf(screens, ended[step] as Endings, reached[step] ?? 0, reached[step + 1]),
    ),
    started,
    completion: rateOf(completed, started - open),
    excluded: sessionsIn(byStep.get('excluded') ?? []),
  }
}

export function visitedPathOf(session: Pick<Session, 'steps'>): Pick<TimedPath, 'screens' | 'shownAt'> {
  const steps = stepsOfPath(session.steps)
  return { screens: steps.map((step) => step.screen), shownAt: steps.map((step) => step.shownAt) }
}

export const timedPathOf = (session: Session, ending: keyof Endings): TimedPath => ({
  ...visitedPathOf(session),
  ...{ completed: 0, open: 0, lost: 0 },
  [ending]: 1,
})

/** `next`: how many sessions reached the next step; undefined for the last step. */
function stepOf(screens: readonly string[], ended: Endings, reached: number, next: number | undefined): FunnelStep {
  const decided = reached - ended.open
  return {
    screens,
    reached,
    ...ended,
    conversion: rateOf(next ?? ended.completed, decided),
    dropOff: rateOf(ended.lost, decided),
  }
}

/**
 * The index of the furthest step, or -1 when the session did not reach the first. Where strict order broke off, a later screen can
 * still exclude the session.
 */
export function furthestOf(
  { screens, shownAt }: Pick<TimedPath, 'screens' | 'shownAt'>,
  query: FunnelQuery,
): number | 'excluded' {
  const { steps, isStrict = false, exclude = [], windowMs = Number.POSITIVE_INFINITY } = query
  let furthest = -1
  let reachedAt = 0
  let brokenOffAt: number | undefined
  for (const [index, screen] of screens.entries()) {
    const isUnderWay = furthest >= 0 && furthest < steps.length - 1
    const isNext = steps[furthest + 1]?.includes(screen) ?? false
    const isLast = isNext && furthest === steps.length - 2
    if (isUnderWay && !isLast && exclude.includes(screen)) return 'excluded'
    const at = shownAt?.[index] ?? 0
    if (isNext && (furthest < 0 || at - reachedAt <= windowMs)) {
      furthest++
      reachedAt = at
    } else if (isStrict && isUnderWay && !steps[furthest]?.includes(screen)) brokenOffAt ??= furthest
  }
  return brokenOffAt ?? furthest
}

/** The step that most were lost on, the first of equals; undefined if nobody was lost. */
export function worstStepOf(steps: readonly FunnelStep[]): WorstStep | undefined {
  const [worst] = steps.map((step, index) => ({ ...step, step: index + 1 })).sort((a, b) => b.lost - a.lost)
  return worst && worst.lost > 0 ? worst : undefined
}
