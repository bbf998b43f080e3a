import type { Position } from '../cursor.ts'
import { type TrailKey, tokensOf } from '../trail-key.ts'

/** One condition in MongoDB's words. */
export type Condition = { readonly [field: string]: unknown }

export const whereAll = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? {} : { $and: conditions }

/** The condition, when there is a value for it. */
export function given<T>(value: T | undefined, condition: (value: T) => Condition): Condition[] {
  return value === undefined ? [] : [condition(value)]
}

// In the order of instant and id. The bound on the instant alone gives the index a place to start from.

export const isAfter = (field: string, { at, id }: Position): Condition => ({
  [field]: { $gte: at },
  $or: [{ [field]: { $gt: at } }, { _id: { $gt: id } }],
})

export const isBefore = (field: string, { at, id }: Position): Condition => ({
  [field]: { $lte: at },
  $or: [{ [field]: { $lt: at } }, { _id: { $lt: id } }],
})

export const isAfterTrail = ({ token, segment = 0, flow }: TrailKey): Condition => ({
  token: { $gte: token },
  $or: [{ token: { $gt: token } }, { segment: { $gt: segment } }, { segment, flow: { $gt: flow } }],
})

/** Also matches the same token and segment in another flow, which is so rare that a narrower filter would cost more. */
export function isOfTrails(trails: readonly TrailKey[]): Condition {
  const tokens = Map.groupBy(trails, ({ segment = 0 }) => segment)
  const conditions = [...tokens].map(([segment, some]) => ({ token: { $in: tokensOf(some) }, segment }))
  return conditions.length === 1 ? (conditions[0] as Condition) : { $or: conditions }
}

export const isUpTo = (field: string, { at, id }: Position): Condition => ({
  [field]: { $lte: at },
  $or: [{ [field]: { $lt: at } }, { _id: { $lte: id } }],
})
