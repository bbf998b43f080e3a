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

const compare =
  (ofInstant: '$gt' | '$lt', ofId: '$gt' | '$lt' | '$lte') =>
  (field: string, { at, id }: Position): Condition => ({
    [field]: { [`${ofInstant}e`]: at },
    $or: [{ [field]: { [ofInstant]: at } }, { _id: { [ofId]: id } }],
  })

export const isAfter = compare('$gt', '$gt')
export const isBefore = compare('$lt', '$lt')
export const isUpTo = compare('$lt', '$lte')

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
