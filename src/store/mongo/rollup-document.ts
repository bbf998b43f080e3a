// The rollup of an hour, and that of a day, as documents.

import type { Parts } from '../../insight/rolled.ts'

export type RollupDocument = {
  readonly _id: string
  readonly flow: string
  readonly version: string
  /** Since 1970. */
  readonly hour: number
  /** Grows each time it is made, or is to be made anew. */
  readonly revision: number
} & Parts

export type DayDocument = Omit<RollupDocument, 'hour' | 'revision'> & {
  /** Since 1970. */
  readonly day: number
  readonly basis: number
}

/** Whoever asks what days there are finds it all in these. */
export const HOURS_INDEX = { flow: 1, hour: 1, version: 1, revision: 1 } as const
export const DAYS_INDEX = { flow: 1, day: 1, version: 1, basis: 1 } as const
