import type { Model } from 'mongoose'
import type { AuditEntry, Store } from '../store.ts'
import { collectionOf } from './writes.ts'

export const createAudits = (model: Model<AuditEntry>): Pick<Store, 'audit' | 'audits'> => ({
  async audit({ at, who, what, detail }) {
    await collectionOf(model).insertOne({ at, who, what, detail })
  },
  audits: (limit, among) =>
    model
      .find(among ? { what: { $in: among } } : {}, { _id: 0 })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .lean<AuditEntry[]>(),
})
