import { z } from 'zod'
import { countShape } from '../lib/shapes.ts'

/** A share, with the 95 % confidence interval of the true share. */
export const rateShape = z.strictObject({
  count: countShape,
  /** The whole that `count` is a part of. */
  of: countShape,
  /** `count / of`; null when `of` is 0. */
  share: z.number().min(0).max(1).nullable(),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
})
export type Rate = Readonly<z.output<typeof rateShape>>
