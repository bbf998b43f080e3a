import { z } from 'zod'
import { countShape, list } from '../lib/shapes.ts'
import { FUNNEL, funnelQueryOf } from '../query/funnel-parameters.ts'
import { BY, CHOICE, PERIOD, parameter, VERSION } from '../query/parameters.ts'
import {
  breakdownLineShape,
  comparedFunnelShape,
  periodShape,
  sampleShape,
  screenReportShape,
} from '../report/shapes.ts'
import { resource } from './resource.ts'

export const funnelResource = resource({
  path: '/flows/{flow}/funnel',
  summary: 'How far people get, and on which step they leave.',
  parameters: {
    ...PERIOD,
    ...VERSION,
    ...CHOICE,
    ...FUNNEL,
    ...BY,
    compare: parameter(
      z.literal('previous').optional(),
      'Also the period of the same length before, and for each step the change with its p by Fisher’s exact test.',
      'previous',
    ),
  },
  answer: screenReportShape({
    n: countShape,
    funnel: comparedFunnelShape,
    breakdown: list(breakdownLineShape).exactOptional(),
    sample: sampleShape.exactOptional(),
    previous: z
      .strictObject({ period: periodShape, n: countShape, sample: sampleShape.exactOptional() })
      .exactOptional(),
  }),
  report: 'funnel',
  question: ({ params: { flow = '' }, query: { from, until, version, choice, by, compare, ...query } }) => ({
    ...{ flow, from, until, version, choice, by },
    ...funnelQueryOf(query),
    isCompared: compare !== undefined,
  }),
})
