// An aggregate of sessions as of an instant: a session that has not completed is open or lost.

import { type Counts, mapped } from '../stats/counts.ts'
import type { Quantiles } from '../stats/quantiles.ts'
import type { Ending } from '../trail/session.ts'
import type { ConvertBars } from './convert-bars.ts'
import { renamedAs } from './limit-session-aggregate.ts'
import type { ScreenAggregate } from './screen-aggregate.ts'
import {
  ALL_SESSIONS,
  NO_SESSIONS,
  type OutcomeCounts,
  type SessionAggregate,
  screensOf,
  timeBucketOf,
} from './session-aggregate.ts'
import { condensedAround, countsAround, isLongPast } from './time-bucket-counts.ts'

export type Endings = { readonly [ending in Ending]: number }

/** The sessions that went through these screens, in this order. */
export type Path = Endings & { readonly screens: readonly string[] }

export type SessionStatistics = {
  /** All sessions. */
  readonly paths: readonly Path[]
  /** Those with a certain last choice, by `groupOf` it; see `overlapOf`. */
  readonly groups: Counts<readonly Path[]>
  readonly screens: Counts<ScreenAggregate>
  /** By screen and factor; `completed` are those who went on from there. */
  readonly factors: Counts<Counts<Endings>>
  readonly convertMs: Quantiles
  readonly convertBars: ConvertBars
  readonly opened: number
}

/**
 * `lostSince`: a session without a later event is lost. The aggregate decides that for all but the sessions whose last event is in
 * the time bucket of that instant; `seenAround` is the aggregate of the lost ones among them. `screensIn`: reads a path.
 */
export function sessionStatistics(
  tally: SessionAggregate,
  lostSince: number,
  seenAround: SessionAggregate = NO_SESSIONS,
  screensIn = screensOf,
): SessionStatistics {
  const edge = renamedAs(tally, seenAround)
  const waysOf = (group: string): Path[] =>
    Object.entries(tally.groups[group] ?? {}).map(([path, outcomes]) => ({
      screens: screensIn(path),
      ...endingsOf(outcomes, lostSince, edge.groups[group]?.[path]),
    }))
  return {
    paths: waysOf(ALL_SESSIONS),
    groups: mapped(tally.groups, (_, group) => waysOf(group)),
    screens: tally.screens,
    factors: mapped(tally.factors, (factors, screen) =>
      mapped(factors, (outcomes, factor) => endingsOf(outcomes, lostSince, edge.factors[screen]?.[factor])),
    ),
    convertMs: tally.convertMs,
    convertBars: tally.convertBars,
    opened: tally.opened,
  }
}

/**
 * A much smaller aggregate with the same statistics at this instant: only whether sessions left before, in or after its time bucket
 * matters. Days have hundreds of time buckets for each path, which would all be merged otherwise.
 */
export function condenseOutcomes(tally: SessionAggregate, lostSince: number): SessionAggregate {
  const span = timeBucketOf(lostSince)
  const condense = ({ completed, uncompleted }: OutcomeCounts): OutcomeCounts => {
    return { completed, uncompleted: condensedAround(uncompleted, span) }
  }
  const inAll = (counts: Counts<Counts<OutcomeCounts>>) => mapped(counts, (inner) => mapped(inner, condense))
  return { ...tally, groups: inAll(tally.groups), factors: inAll(tally.factors) }
}

/** Of a condensed aggregate: whether all its sessions have completed or are lost. */
export const isDecided = ({ groups, factors }: SessionAggregate): boolean =>
  [groups, factors].every((counts) =>
    Object.values(counts).every((inner) => Object.values(inner).every(({ uncompleted }) => isLongPast(uncompleted))),
  )

function endingsOf({ completed, uncompleted }: OutcomeCounts, lostSince: number, edge?: OutcomeCounts): Endings {
  const span = timeBucketOf(lostSince)
  const { before, within, after } = countsAround(uncompleted, span)
  const lostWithin = Math.min(within, edge ? countsAround(edge.uncompleted, span).within : 0)
  return { completed, open: within - lostWithin + after, lost: before + lostWithin }
}
