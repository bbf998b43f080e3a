// Where the flow is hard to use: one row for each screen.

import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { total, totalOf } from '../stats/counts.ts'
import { rateOf } from '../stats/interval.ts'
import { mergeQuantiles } from '../stats/quantiles.ts'
import { sessionsIn, sumOfEndings } from './endings.ts'
import type { Friction, StepDwell } from './shapes.ts'
import { spreadOf } from './spread.ts'

/** The screen that most sessions left first. */
export const frictionOf = ({ paths, screens }: SessionStatistics): Friction[] =>
  Object.entries(screens)
    .map(([screen, visits]): Friction => {
      const sessions = sessionsIn(paths.filter((path) => path.screens.includes(screen)))
      const endings = sumOfEndings(paths.filter((path) => path.screens.at(-1) === screen))
      const { shown, inferred, submitted, rejected, backs, unseenBacks = 0, reopens, rejects, errors } = visits
      const clientErrors = Object.entries(errors).filter(([code]) => code.startsWith('client:'))
      return {
        screen,
        sessions,
        ...endings,
        lostShare: rateOf(endings.lost, sessions - endings.open),
        ...{ shown, inferred, submitted, rejected, backs, unseenBacks, reopens },
        refusedFields: totalOf(rejects),
        refusedFieldsBy: rejects,
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

/** How long people had the screens of each step, the visits to all of them together. */
export const dwellOfSteps = ({ screens }: SessionStatistics, steps: readonly (readonly string[])[]): StepDwell[] =>
  steps.map((step) => {
    const visits = step.map((screen) => screens[screen]).filter((found) => found !== undefined)
    return { screens: step, dwellMs: spreadOf(mergeQuantiles(visits.map(({ dwellMs }) => dwellMs))) }
  })
