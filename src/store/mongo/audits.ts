import type { Model } from 'mongoose'
import type { AuditKind } from '../audit-kinds.ts'
import type { AuditEntry } from '../store.ts'
import { rawOf } from './raw.ts'

export type Audits = {
  add(entry: AuditEntry): Promise<void>
  /** Newest first; of all, or of these kinds (`what`) only. */
  newest(limit: number, among?: readonly AuditKind[]): Promise<AuditEntry[]>
}

export function createAudits(model: Model<AuditEntry>): Audits {
  return {
    async add({ at, who, what, detail }) {
      await rawOf(model).insertOne({ at, who, what, detail })
    },
    newest: (limit, among) =>
      model
        .find(among ? { what: { $in: among } } : {}, { _id: 0 })
        .sort({ at: -1, _id: -1 })
        .limit(limit)
        .lean<AuditEntry[]>(),
  }
}
