// A tally as it stands at the moment of asking: who has not completed is open, or lost.

import type { Ending } from '../trail/session.ts'
import { type Counts, settled } from './counts.ts'
import { inWordsOf } from './fit-tally.ts'
import type { Quantiles } from './quantiles.ts'
import type { ScreenTally } from './screen-tally.ts'
import { countsAround, spanCountsOf } from './span-counts.ts'
import { ALL, type Ends, NO_SESSIONS, screensOf, spanOf, type Tally } from './tally.ts'

export type Endings = { readonly [ending in Ending]: number }

/** So many sessions went this way: through these screens, in this order. */
export type Way = Endings & { readonly screens: readonly string[] }

export type Asked = {
  /** All sessions. */
  readonly ways: readonly Way[]
  /** Those with a certain last choice, by `groupOf` it. */
  readonly groups: Counts<readonly Way[]>
  readonly screens: Counts<ScreenTally>
  /** By screen and factor; `completed` are those who went on from there. */
  readonly factors: Counts<Counts<Endings>>
  readonly convertMs: Quantiles
  readonly opened: number
}

/**
 * `lostSince`: who was seen last then, or before, is lost. A tally tells that of all but the sessions that were seen last in
 * the span around that instant; `seenAround` is the tally of those of them that are lost.
 */
export function ask(tally: Tally, lostSince: number, seenAround: Tally = NO_SESSIONS): Asked {
  const edge = inWordsOf(tally, seenAround)
  const waysOf = (group: string): Way[] =>
    Object.entries(tally.groups[group] ?? {}).map(([way, ends]) => ({
      screens: screensOf(way),
      ...endingsOf(ends, lostSince, edge.groups[group]?.[way]),
    }))
  return {
    ways: waysOf(ALL),
    groups: byName(tally.groups, (_, group) => waysOf(group)),
    screens: tally.screens,
    factors: byName(tally.factors, (factors, screen) =>
      byName(factors, (ends, factor) => endingsOf(ends, lostSince, edge.factors[screen]?.[factor])),
    ),
    convertMs: tally.convertMs,
    opened: tally.opened,
  }
}

/**
 * What `ask` tells the same of at this instant, in much less: of who left, it matters only whether that was before the span in
 * question, in it, or after it. Days have hundreds of spans for each way, which would all be merged otherwise.
 */
export function condensed(tally: Tally, lostSince: number): Tally {
  const span = spanOf(lostSince)
  const condense = ({ completed, left }: Ends): Ends => {
    const { before, within, after } = countsAround(left, span)
    const counts: [number, number][] = [
      [span - 1, before],
      [span, within],
      [span + 1, after],
    ]
    return { completed, left: spanCountsOf(new Map(counts.filter(([, count]) => count > 0))) }
  }
  const inAll = (counts: Counts<Counts<Ends>>) => mapped(counts, (inner) => mapped(inner, condense))
  return { ...tally, groups: inAll(tally.groups), factors: inAll(tally.factors) }
}

/** In the order that they have. */
const mapped = <T, R>(counts: Counts<T>, map: (value: T) => R): Counts<R> =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, map(value)]))

function endingsOf({ completed, left }: Ends, lostSince: number, edge?: Ends): Endings {
  const span = spanOf(lostSince)
  const { before, within, after } = countsAround(left, span)
  const lostWithin = Math.min(within, edge ? countsAround(edge.left, span).within : 0)
  return { completed, open: within - lostWithin + after, lost: before + lostWithin }
}

const byName = <T, R>(counts: Counts<T>, map: (value: T, name: string) => R): Counts<R> =>
  settled(new Map(Object.entries(counts).map(([name, value]) => [name, map(value, name)])))
