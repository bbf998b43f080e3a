import type { Db } from 'mongodb'
import { REMOVAL_AUDITS, REMOVAL_DOCUMENTS } from '../removals.ts'

/** Only reads. */
export async function hadEvents(db: Pick<Db, 'collection'>): Promise<boolean> {
  const found = await Promise.all([
    db.collection('events').findOne({}),
    db.collection('sessions').findOne({}),
    db.collection('documents').findOne({ kind: { $in: [...REMOVAL_DOCUMENTS] } }),
    db.collection('audits').findOne({ what: { $in: [...REMOVAL_AUDITS] } }),
  ])
  return found.some((document) => document !== null)
}
