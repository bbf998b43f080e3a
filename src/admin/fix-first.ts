// What to fix first: the drivers of leaving, in sentences.

import { whole } from '../../views/numbers.ts'
import type { FixFirstView, FixView } from '../../views/parts/fix-first.tsx'
import { WEEKDAYS } from '../insight/drivers.ts'
import { clockText } from '../lib/days.ts'
import type { Parameters } from '../query/read-query.ts'
import { linkOfFactor } from '../query/session-parameters.ts'
import type { ReportOf } from '../report/reports.ts'
import { screenPath } from './flow-frame.ts'
import type { PageQuestion } from './page-question.ts'

type Driver = ReportOf<'drivers'>['drivers'][number]

const MOST_SHOWN = 5

/** By what they cost, as the report has them. */
export function fixFirstOf(drivers: readonly Driver[], flow: string, question: PageQuestion<Parameters>): FixFirstView {
  return {
    fixes: drivers.slice(0, MOST_SHOWN).map((driver) => fixOf(driver, flow, question)),
    more: Math.max(0, drivers.length - MOST_SHOWN),
  }
}

function fixOf(driver: Driver, flow: string, question: PageQuestion<Parameters>): FixView {
  const { screen, factor, n, others, lost, othersLost, ratio, gain } = driver
  return {
    screen,
    screenHref: question.hrefOf(screenPath(flow, screen)),
    who: whoText(factor),
    people: n,
    lost: {
      count: lost,
      href: question.sessionsHref({ flow, exit: screen, ending: 'lost', ...linkOfFactor(factor) }),
    },
    others,
    othersLost,
    othersText: othersText(ratio),
    gain: gainOf(gain),
  }
}

/** The same in one text. */
export function sentenceOf({ screen, factor, n, lost, ratio, gain }: Driver): string {
  const [people, left] = [n, lost].map((count) => whole(count))
  const most = gainOf(gain)
  const cost = most ? ` As good as the others, that is about ${whole(most.count)} more completions a month.` : ''
  return `Of ${people} people ${whoText(factor)}, ${left} left at ${screen}; others leave there ${othersText(ratio)}.${cost}`
}

const othersText = (ratio: number | null): string => (ratio === null ? 'never' : `${ratio.toFixed(1)} times less often`)

/** Less than one a month is not worth a sentence. */
function gainOf({ completions, low, high }: Driver['gain']): FixView['gain'] {
  if (completions < 1) return null
  return { count: Math.round(completions), low: Math.max(0, Math.round(low)), high: Math.round(high) }
}

function whoText(factor: Driver['factor']): string {
  switch (factor.kind) {
    case 'choice':
      return `who chose ${factor.field} = ${typeof factor.value === 'string' ? factor.value : JSON.stringify(factor.value)}`
    case 'rule':
      return `whom the rule ${factor.rule} of ${factor.field} refused`
    case 'load':
      return `who waited ${factor.bucket} for it`
    case 'weekday':
      return `who began on a ${WEEKDAYS[factor.weekday - 1]}`
    case 'hour':
      return `who began between ${clockText(factor.hour)} and ${clockText(factor.hour + 1)}`
    case 'version':
      return `who began in version ${factor.version}`
  }
}
