import type { Model } from 'mongoose'
import type { Json } from '../../lib/json.ts'
import type { Document, KeyedValue, PutOptions } from '../store.ts'
import { duplicatePositions } from './bulk-write.ts'
import { rawOf } from './raw.ts'

export type StoredDocument = {
  readonly _id: string
  readonly kind: string
  /** JSON. */
  readonly value: string
  readonly expiresAt?: number
}

export type Documents = {
  get(kind: string, key: string, now: number): Promise<Json | undefined>
  /** In the order of their keys. */
  all(kind: string, now: number): Promise<KeyedValue[]>
  put(document: Document, options: PutOptions): Promise<boolean>
  /** How many were there. */
  remove(kind: string, key?: string): Promise<number>
}

export function createDocuments(model: Model<StoredDocument>): Documents {
  /** False when there is one. */
  const insert = async (document: StoredDocument): Promise<boolean> => {
    const found = await duplicatePositions(rawOf(model).bulkWrite([{ insertOne: { document } }], { ordered: false }))
    return found.size === 0
  }

  return {
    async get(kind, key, now) {
      const found = await model.findById(idOf(kind, key)).lean<StoredDocument>()
      const isThere = found && (found.expiresAt === undefined || found.expiresAt > now)
      return isThere ? (JSON.parse(found.value) as Json) : undefined
    },

    async all(kind, now) {
      const found = await model.find({ kind }).lean<StoredDocument[]>()
      return found
        .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
        .map(({ _id, value }) => ({ key: keyOf(_id), value: JSON.parse(value) as Json }))
        .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
    },

    async put({ kind, key, value, expiresAt }, { now, onlyIfAbsent = false, onlyIf }) {
      const content = { kind, value: JSON.stringify(value), ...(expiresAt !== undefined && { expiresAt }) }
      const _id = idOf(kind, key)
      await model.deleteMany({ expiresAt: { $lte: now } })
      if (onlyIf !== undefined) {
        const { matchedCount } = await rawOf(model).replaceOne({ _id, value: JSON.stringify(onlyIf) }, content)
        return matchedCount > 0
      }
      if (onlyIfAbsent) return insert({ _id, ...content })
      // Deleted by another between the two, it is neither to be inserted nor to be replaced; then all begins again.
      for (;;) {
        if (await insert({ _id, ...content })) return true
        const { matchedCount } = await rawOf(model).replaceOne({ _id }, content)
        if (matchedCount > 0) return true
      }
    },

    async remove(kind, key) {
      const { deletedCount } = await model.deleteMany(key === undefined ? { kind } : { _id: idOf(kind, key) })
      return deletedCount
    },
  }
}

const idOf = (kind: string, key: string): string => JSON.stringify([kind, key])

const keyOf = (id: string): string => (JSON.parse(id) as [kind: string, key: string])[1]
