import { z } from 'zod'
import { countShape, list } from '../lib/shapes.ts'
import { parseDuration } from '../lib/units.ts'
import type { FunnelBy } from '../report/breakdown.ts'
import { breakdownLineShape, comparedFunnelShape, flowReportShape, periodShape, sampleShape } from '../report/shapes.ts'
import { CHOICE, name, PERIOD, parameter, VERSION } from './parameters.ts'
import { resource } from './resource.ts'

const LIST = /^[^,|]+(?:,[^,|]+)*$/
const BY = /^(?:version|weekday|hour|choice:.+)$/s

export const funnelResource = resource({
  path: '/flows/{flow}/funnel',
  summary: 'How far people get, and on which step they leave.',
  parameters: {
    ...PERIOD,
    ...VERSION,
    ...CHOICE,
    steps: parameter(
      name()
        .regex(/^[^,|]+(?:[,|][^,|]+)*$/)
        .transform((text) => text.split(',').map((step) => step.split('|')))
        .optional(),
      'The steps: a comma leads to the next, a bar is between screens of one. Those of the config by default.',
      'screens such as SERVICE,DATE,CONFIRM|EMERGENCY',
    ),
    strict: parameter(
      z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
      'Whether only screens of the step itself may come between it and the next.',
      'true or false',
    ),
    exclude: parameter(
      name()
        .regex(LIST)
        .transform((text) => text.split(','))
        .optional(),
      'Sessions that see one of these between the first step and the last are left out.',
      'screens such as HELP,FAQ',
    ),
    window: parameter(
      name()
        .transform((text) => parseDuration(text))
        .pipe(z.number().positive())
        .optional(),
      'How long people may take from a step to the next. Has sessions gone through one by one, 50,000 at most: see sample.',
      'a duration such as 30s or 10m',
    ),
    by: parameter(
      name()
        .regex(BY)
        .transform(
          (text): FunnelBy =>
            text.startsWith('choice:') ? { choice: text.slice('choice:'.length) } : (text as 'version'),
        )
        .optional(),
      'Also one funnel for each version, weekday (Monday is 1), hour (9.5 is from half past nine), or value of a choice.',
      'version, weekday, hour, or a choice such as choice:service',
    ),
    compare: parameter(
      z.literal('previous').optional(),
      'Also the period of the same length before, and for each step the change with its p by Fisher’s exact test.',
      'previous',
    ),
  },
  answer: flowReportShape({
    n: countShape,
    funnel: comparedFunnelShape,
    breakdown: list(breakdownLineShape).exactOptional(),
    sample: sampleShape.exactOptional(),
    previous: z
      .strictObject({ period: periodShape, n: countShape, sample: sampleShape.exactOptional() })
      .exactOptional(),
  }),
  report: 'funnel',
  question: ({ params: { flow = '' }, query: { strict, window, compare, ...query } }) => ({
    ...query,
    flow,
    isStrict: strict,
    windowMs: window,
    isCompared: compare !== undefined,
  }),
})
