// A funnel that somebody asks for: its steps, and how strictly people must follow them.

import { z } from 'zod'
import type { FunnelQuery } from '../insight/funnel.ts'
import { parseDuration } from '../lib/units.ts'
import { name, parameter } from './parameters.ts'
import type { QueryOf } from './read-query.ts'

/** Screens with commas between them. */
export const screenList = name()
  .regex(/^[^,|]+(?:,[^,|]+)*$/)
  .transform((text) => text.split(','))

export const FUNNEL = {
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
    screenList.optional(),
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
}

/** Without steps, those of the config are meant. */
export const funnelQueryOf = ({ steps, strict, exclude, window }: QueryOf<typeof FUNNEL>): Partial<FunnelQuery> => ({
  ...(steps && { steps }),
  isStrict: strict,
  exclude,
  windowMs: window,
})
