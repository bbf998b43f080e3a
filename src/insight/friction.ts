// Where the flow is hard to use: one row for each screen.

import type { ScreenAggregate } from '../rollup/screen-aggregate.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { type Counts, total, totalOf } from '../stats/counts.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { sessionsIn, sumOfEndings } from './endings.ts'
import { type Spread, spreadOf } from './spread.ts'

type Friction = Pick<ScreenAggregate, 'shown' | 'inferred' | 'submitted' | 'rejected' | 'backs' | 'reopens'> & {
  readonly [duration in 'dwellMs' | 'loadMs' | 'answerMs' | 'upstreamMs']: Spread
} & {
  readonly screen: string
  readonly sessions: number
  /** Sessions that got no further, by how they ended. */
  readonly lost: number
  readonly open: number
  readonly completed: number
  /** The share of sessions that left here, among the sessions that visited the screen and are not still on it. */
  readonly lostShare: Rate
  /** Refused submissions, in all and by `field/rule`. */
  readonly rejects: number
  readonly rejectsBy: Counts
  /** The share of `rejected` visits that people corrected. */
  readonly corrected: Rate
  readonly clientErrors: number
  readonly errorsBy: Counts
}

/** The screen that most sessions left first. */
export const frictionOf = ({ paths, screens }: SessionStatistics): Friction[] =>
  Object.entries(screens)
    .map(([screen, visits]): Friction => {
      const sessions = sessionsIn(paths.filter((path) => path.screens.includes(screen)))
      const endings = sumOfEndings(paths.filter((path) => path.screens.at(-1) === screen))
      const { shown, inferred, submitted, rejected, backs, reopens, rejects, errors } = visits
      const clientErrors = Object.entries(errors).filter(([code]) => code.startsWith('client:'))
      return {
        screen,
        sessions,
        ...endings,
        lostShare: rateOf(endings.lost, sessions - endings.open),
        ...{ shown, inferred, submitted, rejected, backs, reopens },
        rejects: totalOf(rejects),
        rejectsBy: rejects,
        corrected: rateOf(visits.corrected, rejected),
        clientErrors: total(clientErrors.map(([, count]) => count)),
        errorsBy: errors,
        dwellMs: spreadOf(visits.dwellMs),
        loadMs: spreadOf(visits.loadMs),
        answerMs: spreadOf(visits.answerMs),
        upstreamMs: spreadOf(visits.upstreamMs),
      }
    })
    .sort((a, b) => b.lost - a.lost || b.sessions - a.sessions || (a.screen < b.screen ? -1 : 1))
