// A tally as it stands at the moment of asking: who has not completed is open, or lost.

import { type Counts, mapped } from '../stats/counts.ts'
import type { Quantiles } from '../stats/quantiles.ts'
import type { Ending } from '../trail/session.ts'
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
import { countsAround, timeBucketCountsOf } from './time-bucket-counts.ts'

export type Endings = { readonly [ending in Ending]: number }

/** So many sessions went this way: through these screens, in this order. */
export type Path = Endings & { readonly screens: readonly string[] }

export type SessionStatistics = {
  /** All sessions. */
  readonly paths: readonly Path[]
  /** Those with a certain last choice, by `groupOf` it. */
  readonly groups: Counts<readonly Path[]>
  readonly screens: Counts<ScreenAggregate>
  /** By screen and factor; `completed` are those who went on from there. */
  readonly factors: Counts<Counts<Endings>>
  readonly convertMs: Quantiles
  readonly opened: number
}

/**
 * `lostSince`: who was seen last then, or before, is lost. A tally tells that of all but the sessions that were seen last in
 * the span around that instant; `seenAround` is the tally of those of them that are lost.
 */
export function sessionStatistics(
  tally: SessionAggregate,
  lostSince: number,
  seenAround: SessionAggregate = NO_SESSIONS,
): SessionStatistics {
  const edge = renamedAs(tally, seenAround)
  const waysOf = (group: string): Path[] =>
    Object.entries(tally.groups[group] ?? {}).map(([path, outcomes]) => ({
      screens: screensOf(path),
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
    opened: tally.opened,
  }
}

/**
 * What `ask` tells the same of at this instant, in much less: of who left, it matters only whether that was before the span in
 * question, in it, or after it. Days have hundreds of spans for each way, which would all be merged otherwise.
 */
export function condenseOutcomes(tally: SessionAggregate, lostSince: number): SessionAggregate {
  const span = timeBucketOf(lostSince)
  const condense = ({ completed, uncompleted }: OutcomeCounts): OutcomeCounts => {
    const { before, within, after } = countsAround(uncompleted, span)
    const counts: [number, number][] = [
      [span - 1, before],
      [span, within],
      [span + 1, after],
    ]
    return { completed, uncompleted: timeBucketCountsOf(new Map(counts.filter(([, count]) => count > 0))) }
  }
  const inAll = (counts: Counts<Counts<OutcomeCounts>>) => mapped(counts, (inner) => mapped(inner, condense))
  return { ...tally, groups: inAll(tally.groups), factors: inAll(tally.factors) }
}

function endingsOf({ completed, uncompleted }: OutcomeCounts, lostSince: number, edge?: OutcomeCounts): Endings {
  const span = timeBucketOf(lostSince)
  const { before, within, after } = countsAround(uncompleted, span)
  const lostWithin = Math.min(within, edge ? countsAround(edge.uncompleted, span).within : 0)
  return { completed, open: within - lostWithin + after, lost: before + lostWithin }
}
