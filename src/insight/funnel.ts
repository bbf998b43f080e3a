// How far people get: the ordered steps of a funnel, and on which of them they leave.

import { stepsOfPath } from '../rollup/session-aggregate.ts'
import type { Endings, Path } from '../rollup/session-statistics.ts'
import { total } from '../stats/counts.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { countedSteps, type Session } from '../trail/session.ts'

export type FunnelQuery = {
  /** In order. A step is reached on any of its screens, after the step before it was. */
  readonly steps: readonly (readonly string[])[]
  /** Only screens of the step itself may come between it and the next one. */
  readonly isStrict?: boolean
  /** Who sees one of these after the first step and before the last is left out, and counted apart. */
  readonly exclude?: readonly string[]
  /** Milliseconds from a step to the next; who takes longer has not reached it. Needs walks with times. */
  readonly windowMs?: number
}

/** One way that people went, and what became of them; `shownAt` where it is known when they came to each screen. */
export type TimedPath = Path & { readonly shownAt?: readonly number[] }

export type FunnelStep = {
  readonly screens: readonly string[]
  /** Sessions that got here. */
  readonly reached: number
  /** Of these, the sessions that got no further, by what became of them: they are here still, left here, completed from here. */
  readonly open: number
  readonly lost: number
  readonly completed: number
  /** The share of those decided here (reached and not open) who reached the next step; after the last, who completed. */
  readonly conversion: Rate
  /** The share of those decided here who left. */
  readonly dropOff: Rate
}

export type Funnel = {
  readonly steps: readonly FunnelStep[]
  /** Sessions that reached the first step, and of those that are not open, the share that completed. */
  readonly started: number
  readonly completion: Rate
  /** Sessions that saw a screen to exclude between the first step and the last. */
  readonly excluded: number
}

export function funnelOf(walks: Iterable<TimedPath>, query: FunnelQuery): Funnel {
  const here = query.steps.map(() => ({ completed: 0, open: 0, lost: 0 }))
  let excluded = 0
  for (const walk of walks) {
    const furthest = furthestOf(walk, query)
    if (furthest === 'excluded') excluded += sessionsOf(walk)
    else {
      const stays = here[furthest]
      if (!stays) continue
      stays.completed += walk.completed
      stays.open += walk.open
      stays.lost += walk.lost
    }
  }
  const reached = here.map((_, index) => total(here.slice(index).map(sessionsOf)))
  const started = reached[0] ?? 0
  return {
    steps: here.map((stays, index) => stepOf(query.steps[index] ?? [], stays, reached[index] ?? 0, reached[index + 1])),
    started,
    completion: rateOf(total(here.map((stays) => stays.completed)), started - total(here.map((stays) => stays.open))),
    excluded,
  }
}

export function timedPathOf(session: Session, ending: keyof Endings): TimedPath {
  const steps = stepsOfPath(countedSteps(session.steps))
  return {
    screens: steps.map((step) => step.screen),
    shownAt: steps.map((step) => step.shownAt),
    ...{ completed: 0, open: 0, lost: 0 },
    [ending]: 1,
  }
}

/** `next`: how many reached the step after this one; undefined after the last, where completing is all that is left. */
function stepOf(screens: readonly string[], here: Endings, reached: number, next: number | undefined): FunnelStep {
  const decided = reached - here.open
  return {
    screens,
    reached,
    ...here,
    conversion: rateOf(next ?? here.completed, decided),
    dropOff: rateOf(here.lost, decided),
  }
}

const sessionsOf = ({ completed, open, lost }: Endings): number => completed + open + lost

/**
 * The index of the furthest step, -1 when not even the first was reached. Where strict order breaks off, what the session sees
 * later can exclude it still.
 */
function furthestOf({ screens, shownAt }: TimedPath, query: FunnelQuery): number | 'excluded' {
  const { steps, isStrict = false, exclude = [], windowMs = Number.POSITIVE_INFINITY } = query
  let furthest = -1
  let reachedAt = 0
  let brokenOffAt: number | undefined
  for (const [index, screen] of screens.entries()) {
    const isUnderWay = furthest >= 0 && furthest < steps.length - 1
    if (isUnderWay && exclude.includes(screen)) return 'excluded'
    const at = shownAt?.[index] ?? 0
    const isNext = steps[furthest + 1]?.includes(screen) ?? false
    if (isNext && (furthest < 0 || at - reachedAt <= windowMs)) {
      furthest++
      reachedAt = at
    } else if (isStrict && isUnderWay && !steps[furthest]?.includes(screen)) brokenOffAt ??= furthest
  }
  return brokenOffAt ?? furthest
}
