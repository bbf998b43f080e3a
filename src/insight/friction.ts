// Where the flow is hard to use: one row for each screen.

import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { type Counts, totalOf } from '../stats/counts.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { sessionsIn, sumOfEndings } from './endings.ts'
import { type Spread, spreadOf } from './spread.ts'

export type Friction = {
  readonly screen: string
  /** Sessions that visited the screen. */
  readonly sessions: number
  /** Sessions that got no further, by how they ended. */
  readonly lost: number
  readonly open: number
  readonly completed: number
  /** The share of sessions that left here, among the sessions that visited the screen and are not still on it. */
  readonly lostShare: Rate
  /** Visits, and the visits to the screen that we did not send. */
  readonly shown: number
  readonly inferred: number
  readonly submitted: number
  /** Refused submissions, in all and by `field/rule`. */
  readonly rejects: number
  readonly rejectsBy: Counts
  /** Visits with a refused submission, and the share of them that people corrected. */
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

/** The screen that most sessions left first. */
export const frictionOf = ({ paths, screens }: SessionStatistics): Friction[] =>
  Object.entries(screens)
    .map(([screen, visits]): Friction => {
      const sessions = sessionsIn(paths.filter((path) => path.screens.includes(screen)))
      const { lost, open, completed } = sumOfEndings(paths.filter((path) => path.screens.at(-1) === screen))
      const { shown, inferred, submitted, rejected, corrected, backs, reopens, rejects, errors } = visits
      const clientErrors = Object.entries(errors).filter(([code]) => code.startsWith('client:'))
      return {
        screen,
        sessions,
        lost,
        open,
        completed,
        lostShare: rateOf(lost, sessions - open),
        shown,
        inferred,
        submitted,
        rejects: totalOf(rejects),
        rejectsBy: rejects,
        rejected,
        corrected: rateOf(corrected, rejected),
        backs,
        reopens,
        clientErrors: totalOf(Object.fromEntries(clientErrors)),
        errorsBy: errors,
        dwellMs: spreadOf(visits.dwellMs),
        loadMs: spreadOf(visits.loadMs),
        answerMs: spreadOf(visits.answerMs),
        upstreamMs: spreadOf(visits.upstreamMs),
      }
    })
    .sort((a, b) => b.lost - a.lost || b.sessions - a.sessions || (a.screen < b.screen ? -1 : 1))
