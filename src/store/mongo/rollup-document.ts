// The rollup of an hour, and that of a day, as documents.

import type { StoredParts } from '../../rollup/encode-parts.ts'

export type RollupDocument = {
  readonly _id: string
  readonly flow: string
  readonly version: string
  /** Since 1970. */
  readonly hour: number
  /** Grows each time it is made, or is to be made anew. */
  readonly revision: number
} & StoredParts

/** One that is not made has no parts. */
export type DayDocument = {
  readonly _id: string
  readonly flow: string
  readonly version: string
  /** Since 1970. */
  readonly day: number
  /** Whether it says what the rollups of its hours say. */
  readonly isMade: boolean
  /** Grows each time one of its hours has changed. */
  readonly changes: number
} & StoredParts

/** Whoever lists the hours there are finds it all in this. */
export const HOURS_INDEX = { flow: 1, hour: 1, version: 1, revision: 1 } as const
/** Without what changes while somebody reads along it. */
export const DAYS_INDEX = { flow: 1, day: 1, version: 1 } as const
/** Whoever lists the days that are to be made finds it all in this. */
export const UNMADE_INDEX = { isMade: 1, flow: 1, day: 1, version: 1 } as const
