import type { mongo } from 'mongoose'

/**
 * What came of an unordered bulk write: the positions of the operations that met another document with their `_id`. Rejects
 * when anything else went wrong, be it that what was written is not safe yet.
 */
export async function duplicatePositions(write: Promise<unknown>): Promise<ReadonlySet<number>> {
  try {
    await write
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

/** Several processes at once can do so. Each operation has an `_id` of its own, and `upsert`. */
export async function upsertAll<T extends mongo.BSON.Document>(
  collection: mongo.Collection<T>,
  operations: readonly mongo.AnyBulkWriteOperation<T>[],
): Promise<void> {
  // A duplicate is what another process has inserted in the meantime, and is updated the next time.
  for (let waiting = operations; waiting.length > 0; ) {
    const refused = await duplicatePositions(collection.bulkWrite(waiting, { ordered: false }))
    waiting = waiting.filter((_, index) => refused.has(index))
  }
}

const DUPLICATE_KEY = 11000

const isBulkWriteError = (error: unknown): error is mongo.MongoBulkWriteError =>
  error instanceof Error && error.name === 'MongoBulkWriteError'
