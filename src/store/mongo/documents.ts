import type { Model, mongo } from 'mongoose'
import type { Json } from '../../lib/json.ts'
import type { Store } from '../store.ts'
import { collectionOf, insertAll, upsertAll } from './writes.ts'

export type StoredDocument = {
  readonly _id: string
  readonly kind: string
  /** JSON. */
  readonly value: string
  readonly expiresAt?: number
}

export function createDocuments(
  model: Model<StoredDocument>,
): Pick<Store, 'getDocument' | 'documents' | 'putDocument' | 'deleteDocuments'> {
  return {
    getDocument: (kind, key, now) => readDocument(collectionOf(model), kind, key, now),

    async documents(kind, now) {
      const found = await model.find({ kind }).lean<StoredDocument[]>()
      return found
        .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
        .map(({ _id, value }) => ({ key: keyOf(_id), value: JSON.parse(value) as Json }))
        .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
    },

    async putDocument({ kind, key, value, expiresAt }, { now, onlyIfAbsent = false, onlyIf }) {
      const content = { kind, value: JSON.stringify(value), ...(expiresAt !== undefined && { expiresAt }) }
      const _id = idOf(kind, key)
      await model.deleteMany({ expiresAt: { $lte: now } })
      if (onlyIf !== undefined) {
        const { matchedCount } = await collectionOf(model).replaceOne({ _id, value: JSON.stringify(onlyIf) }, content)
        return matchedCount > 0
      }
      if (onlyIfAbsent) return (await insertAll(model, [{ _id, ...content }])).size === 0
      await upsertAll(model, [{ replaceOne: { filter: { _id }, replacement: content, upsert: true } }])
      return true
    },

    async deleteDocuments(kind, key) {
      const { deletedCount } = await model.deleteMany(key === undefined ? { kind } : { _id: idOf(kind, key) })
      return deletedCount
    },
  }
}

export async function readDocument(
  collection: mongo.Collection<StoredDocument>,
  kind: string,
  key: string,
  now: number,
): Promise<Json | undefined> {
  const found = await collection.findOne({ _id: idOf(kind, key) })
  const isThere = found && (found.expiresAt === undefined || found.expiresAt > now)
  return isThere ? (JSON.parse(found.value) as Json) : undefined
}

const idOf = (kind: string, key: string): string => JSON.stringify([kind, key])

const keyOf = (id: string): string => (JSON.parse(id) as [kind: string, key: string])[1]
