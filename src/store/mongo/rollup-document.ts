// The rollup of an hour, and that of a day, as documents.

import type { StoredParts } from '../../rollup/encode-parts.ts'
import type { FlowDay, HourPart } from '../../rollup/storage.ts'
import type { FlowHour } from '../../rollup/time.ts'

export type HourDocument = FlowHour & {
  readonly _id: string
  /** Grows with each writing. */
  readonly revision: number
} & StoredParts

/** A stale one has no parts. */
export type DayDocument = FlowDay & {
  readonly _id: string
  /** Whether an hour was written since the day was. */
  readonly isStale: boolean
  /** Grows each time one of its hours is written. */
  readonly changes: number
} & StoredParts

/** A part of a frozen hour, which a midnight cuts. */
export type HourPartDocument = Omit<HourPart, 'parts'> & { readonly _id: string } & StoredParts

/** Lists all hours without a look at the documents. */
export const HOURS_INDEX = { flow: 1, hour: 1, version: 1, revision: 1 } as const
/** Without what changes while somebody reads along it. */
export const DAYS_INDEX = { flow: 1, day: 1, version: 1 } as const
export const PARTS_INDEX = { flow: 1, from: 1, version: 1 } as const
/** Finds the stale days. */
export const STALE_DAYS_INDEX = { isStale: 1, flow: 1, day: 1, version: 1 } as const
