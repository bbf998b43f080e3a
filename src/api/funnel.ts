import { z } from 'zod'
import { FUNNEL, funnelQueryOf } from '../query/funnel-parameters.ts'
import { BY, CHOICE, parameter, VERSION } from '../query/parameters.ts'
import { flowResource } from './resource.ts'
import { change, countShape, json, list, period, rate, sample, showPeriod } from './shapes.ts'

const step = z.strictObject({
  screens: list(z.string()),
  reached: countShape,
  open: countShape,
  lost: countShape,
  completed: countShape,
  conversion: rate,
  dropOff: rate,
  previous: z
    .strictObject({
      reached: countShape,
      conversion: rate,
      dropOff: rate,
      conversionChange: change,
      dropOffChange: change,
    })
    .optional(),
})

const funnel = z.strictObject({
  started: countShape,
  completion: rate,
  excluded: countShape,
  steps: list(step),
  previous: z.strictObject({ started: countShape, completion: rate, completionChange: change }).optional(),
})

export const funnelResource = flowResource({
  report: 'funnel',
  summary: 'How far people get, and on which step they leave.',
  parameters: {
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
  answer: {
    n: countShape,
    funnel,
    breakdown: list(
      z.strictObject({ value: json, isOther: z.literal(true).optional(), n: countShape, funnel }),
    ).optional(),
    sample: sample.optional(),
    previous: z.strictObject({ period, n: countShape, sample: sample.optional() }).optional(),
  },
  question: ({ version, choice, by, compare, ...query }) => ({
    ...{ version, choice, by },
    ...funnelQueryOf(query),
    isCompared: compare !== undefined,
  }),
  show: ({ n, funnel, breakdown, sample, previous }) => ({
    n,
    funnel,
    ...(breakdown && { breakdown }),
    ...(sample && { sample }),
    ...(previous && { previous: { ...previous, period: showPeriod(previous.period) } }),
  }),
})
