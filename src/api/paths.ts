import { z } from 'zod'
import { CHOICE, name, parameter, VERSION } from '../query/parameters.ts'
import { flowResource } from './resource.ts'
import { countShape, list } from './shapes.ts'

const place = z.strictObject({
  screen: z.string(),
  entries: countShape,
  in: countShape,
  out: countShape,
  /** `wentOn`: with `before`, sessions that did more after it. */
  exits: z.strictObject({ wentOn: countShape, completed: countShape, open: countShape, lost: countShape }),
  loops: countShape,
  sessions: countShape,
})

export const pathsResource = flowResource({
  report: 'paths',
  summary: 'From screen to screen: how many went where.',
  parameters: {
    ...VERSION,
    ...CHOICE,
    after: parameter(name().optional(), 'Only what comes from the first visit of this screen on.', 'a screen'),
    before: parameter(
      name().optional(),
      'Only what comes up to the first visit of this screen; who did more there is told as `wentOn`.',
      'a screen',
    ),
  },
  answer: {
    links: list(z.strictObject({ from: z.string(), to: z.string(), count: countShape })),
    places: list(place),
    sessions: countShape,
  },
  question: (query) => query,
  show: ({ links, places, sessions }) => ({ links, places, sessions }),
})
