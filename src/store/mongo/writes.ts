import type { Model, mongo } from 'mongoose'

/**
 * The driver's own collection, for writes: they are checked already, and casting them once more takes longer than all the rest.
 * mongoose does not know the type of its `_id`.
 */
export const collectionOf = <T extends object>(model: Model<T>): mongo.Collection<T> =>
  model.collection as unknown as mongo.Collection<T>

/**
 * The order of the documents in every bulk write. Where a server makes a bulk write one transaction, two in opposite orders would
 * wait for each other.
 */
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : Number(a.id > b.id)

/** Returns the positions of the operations whose `_id` another document has. Rejects with any other error. */
export async function bulkWrite<T extends object>(
  model: Model<T>,
  operations: readonly mongo.AnyBulkWriteOperation<T>[],
): Promise<ReadonlySet<number>> {
  try {
    await collectionOf(model).bulkWrite(operations, { ordered: false })
    return new Set()
  } catch (error) {
    if (!isBulkWriteError(error)) throw error
    const refused = [error.writeErrors].flat()
    // An error of the network comes under the same name, without a list.
    const isOnlyDuplicates = refused.length > 0 && refused.every(({ code }) => code === DUPLICATE_KEY)
    if (!isOnlyDuplicates || error.result.getWriteConcernError()) throw error
    return new Set(refused.map(({ index }) => index))
  }
}

/** Returns the positions of the documents whose `_id` another document has. */
export const insertAll = <T extends object>(
  model: Model<T>,
  documents: readonly mongo.OptionalId<T>[],
): Promise<ReadonlySet<number>> =>
  bulkWrite(
    model,
    documents.map((document) => ({ insertOne: { document } })),
  )

/** Several processes can upsert the same documents at once. Each operation has an `_id` of its own, and `upsert`. */
export async function upsertAll<T extends object>(
  model: Model<T>,
  operations: readonly mongo.AnyBulkWriteOperation<T>[],
): Promise<void> {
  // Another process has inserted the duplicates meanwhile; the next attempt updates them.
  for (let waiting = operations; waiting.length > 0; ) {
    const refused = await bulkWrite(model, waiting)
    waiting = waiting.filter((_, index) => refused.has(index))
  }
}

const DUPLICATE_KEY = 11000

const isBulkWriteError = (error: unknown): error is mongo.MongoBulkWriteError =>
  error instanceof Error && error.name === 'MongoBulkWriteError'
