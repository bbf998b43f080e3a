// Where it grates: one row for each screen.

import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { type Counts, totalOf } from '../stats/counts.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { countIn, type Quantiles, quantile } from '../stats/quantiles.ts'

/** Milliseconds; undefined where nothing was measured. `n`: how many measurements. */
export type Spread = {
  readonly n: number
  readonly p50?: number
  readonly p90?: number
  readonly p95?: number
  readonly p99?: number
}

export type Friction = {
  readonly screen: string
  /** Sessions that came here, and what became of those that got no further. */
  readonly sessions: number
  readonly lost: number
  readonly open: number
  readonly completed: number
  /** The share of sessions that left here, of those that came here and are not still on it. */
  readonly lostShare: Rate
  /** Visits, and those of them that we did not send. */
  readonly shown: number
  readonly inferred: number
  readonly submitted: number
  /** Refusals, by `field/rule`; visits with at least one; and the share of these that were corrected. */
  readonly rejects: number
  readonly rejectsBy: Counts
  readonly rejected: number
  readonly corrected: Rate
  readonly backs: number
  readonly reopens: number
  readonly clientErrors: number
  readonly errorsBy: Counts
  readonly dwellMs: Spread
  readonly loadMs: Spread
  readonly answerMs: Spread
  readonly upstreamMs: Spread
}

/** Most sessions lost first. */
export function frictionOf({ paths, screens }: SessionStatistics): Friction[] {
  return Object.entries(screens)
    .map(([screen, tally]): Friction => {
      const here = { sessions: 0, lost: 0, open: 0, completed: 0 }
      for (const path of paths) {
        if (path.screens.includes(screen)) here.sessions += path.completed + path.open + path.lost
        if (path.screens.at(-1) !== screen) continue
        here.lost += path.lost
        here.open += path.open
        here.completed += path.completed
      }
      const { shown, inferred, submitted, rejected, corrected, backs, reopens, rejects, errors } = tally
      return {
        screen,
        ...here,
        lostShare: rateOf(here.lost, here.sessions - here.open),
        shown,
        inferred,
        submitted,
        rejects: totalOf(rejects),
        rejectsBy: rejects,
        rejected,
        corrected: rateOf(corrected, rejected),
        backs,
        reopens,
        clientErrors: totalOf(
          Object.fromEntries(Object.entries(errors).filter(([code]) => code.startsWith('client:'))),
        ),
        errorsBy: errors,
        dwellMs: spreadOf(tally.dwellMs),
        loadMs: spreadOf(tally.loadMs),
        answerMs: spreadOf(tally.answerMs),
        upstreamMs: spreadOf(tally.upstreamMs),
      }
    })
    .sort((a, b) => b.lost - a.lost || b.sessions - a.sessions || (a.screen < b.screen ? -1 : 1))
}

export function spreadOf(quantiles: Quantiles): Spread {
  const at = (share: number) => quantile(quantiles, share)
  const n = countIn(quantiles)
  if (n === 0) return { n }
  return { n, p50: at(0.5) as number, p90: at(0.9) as number, p95: at(0.95) as number, p99: at(0.99) as number }
}
