import type { Position } from '../cursor.ts'
import type { TrailKey } from '../trail-key.ts'

/** One condition in MongoDB's words. */
export type Condition = { readonly [field: string]: unknown }

export const whereAll = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? {} : { $and: conditions }

/** The condition, when there is a value for it. */
export function given<T>(value: T | undefined, condition: (value: T) => Condition): Condition[] {
  return value === undefined ? [] : [condition(value)]
}

// By the instant, then the id. The bound on the instant alone adds nothing but a place in the index to start from.

export const isAfter = (field: string, { at, id }: Position): Condition => ({
  [field]: { $gte: at },
  $or: [{ [field]: { $gt: at } }, { _id: { $gt: id } }],
})

export const isBefore = (field: string, { at, id }: Position): Condition => ({
  [field]: { $lte: at },
  $or: [{ [field]: { $lt: at } }, { _id: { $lt: id } }],
})

export const isAfterTrail = ({ token, flow }: TrailKey): Condition => ({
  token: { $gte: token },
  $or: [{ token: { $gt: token } }, { flow: { $gt: flow } }],
})

export const isUpTo = (field: string, { at, id }: Position): Condition => ({
  [field]: { $lte: at },
  $or: [{ [field]: { $lt: at } }, { _id: { $lte: id } }],
})
