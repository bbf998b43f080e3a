import { z } from 'zod'
import { countShape, instant, list } from '../lib/shapes.ts'
import { resource } from './resource.ts'

const comparedShape = z.strictObject({
  action: z.string(),
  screen: z.string(),
  /** `screen`, or a key of the data; of a request that was skipped, the reason. */
  name: z.string(),
  found: z.string().exactOptional(),
  count: countShape,
  /** Of the newest. */
  at: instant,
  session: z.string(),
})

const answersShape = z.strictObject({
  flow: z.string(),
  by: z.enum(['config', 'forward', 'tap']),
  learned: z
    .strictObject({
      start: z.string(),
      screens: list(
        z.strictObject({
          id: z.string(),
          next: list(z.string()),
          fields: list(z.strictObject({ name: z.string(), types: list(z.string()) })),
        }),
      ),
    })
    .exactOptional(),
  comparison: z
    .strictObject({
      version: z.string(),
      since: instant,
      compared: countShape,
      same: countShape,
      differences: list(comparedShape),
      skipped: list(comparedShape),
    })
    .exactOptional(),
})

export const answersResource = resource({
  path: '/flows/{flow}/answers',
  summary:
    'Who answers for a flow: its config, your server behind `forward`, or your endpoint behind `tap`; what was learned of it, and how the config compares.',
  parameters: {},
  answer: answersShape,
  report: 'answers',
})
