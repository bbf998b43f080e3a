import type { Model, mongo } from 'mongoose'

/**
 * The driver's own collection, for writes: what we write has been checked before, and casting it once more takes longer than
 * all the rest. mongoose does not know what kind of `_id` such a collection has.
 */
export const rawOf = <T extends object>(model: Model<T>): mongo.Collection<T> =>
  model.collection as unknown as mongo.Collection<T>
