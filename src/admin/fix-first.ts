// What to fix first: the drivers of leaving, in sentences.

import type { FixFirstView, FixView } from '../../views/parts/fix-first.tsx'
import type { Parameters } from '../query/read-query.ts'
import { linkOfFactor } from '../query/session-parameters.ts'
import type { ReportOf } from '../report/reports.ts'
import { screenPath } from './flow-frame.ts'
import type { PageQuestion } from './page-question.ts'
import type { ScreenNames } from './screen-names.ts'
import { wordsOf } from './session-list.ts'

type Driver = ReportOf<'drivers'>['drivers'][number]

const MOST_SHOWN = 5

/** By what they cost, as the report has them. */
export function fixFirstOf(drivers: readonly Driver[], context: FixContext): FixFirstView {
  return {
    fixes: drivers.slice(0, MOST_SHOWN).map((driver) => fixOf(driver, context)),
    more: Math.max(0, drivers.length - MOST_SHOWN),
  }
}

type FixContext = {
  readonly flow: string
  readonly names: ScreenNames
  readonly question: PageQuestion<Parameters>
}

export function fixOf(driver: Driver, { flow, names, question }: FixContext): FixView {
  const { screen, factor, n, others, lost, othersLost, ratio, gain } = driver
  return {
    screen: names(screen),
    screenHref: question.hrefOf(screenPath(flow, screen)),
    who: `who ${wordsOf(linkOfFactor(factor), question.period)
      .map(({ words }) => words)
      .join()}`,
    people: n,
    lost: {
      count: lost,
      href: question.sessionsHref({ flow, exit: screen, ending: 'lost', ...linkOfFactor(factor) }),
    },
    others,
    othersLost,
    othersText: ratio === null ? 'never' : `${ratio.toFixed(1)} times less often`,
    gain: gainOf(gain),
  }
}

/** Less than one a month is not worth a sentence. */
function gainOf({ completions, low, high }: Driver['gain']): FixView['gain'] {
  if (completions < 1) return null
  return { count: Math.round(completions), low: Math.max(0, Math.round(low)), high: Math.round(high) }
}
