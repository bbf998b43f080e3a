// Looks into a MongoDB. Unlike opening the store, this only reads. Each rejects with one sentence when MongoDB is away.

import { type Db, MongoClient } from 'mongodb'
import type { Json } from '../../lib/json.ts'
import { placeOf, secretsOf } from '../../lib/mongo-uri.ts'
import { type CheckedChain, checkChain, type Place } from '../audit-chain.ts'
import { createAuditReader } from './audits.ts'
import { DATABASE, DRIVER_OPTIONS, namesDatabase } from './connection.ts'
import { readDocument } from './documents.ts'
import { explainError } from './explain-error.ts'

/** An estimate of the number of events. */
export const countEvents = (uri: string): Promise<number> =>
  withDatabase(uri, (db) => db.collection('events').estimatedDocumentCount())

/** Of the audit log; see `checkChain`. */
export const checkAudits = (uri: string, noted: Place | undefined): Promise<CheckedChain> =>
  withDatabase(uri, (db) =>
    checkChain(createAuditReader({ audits: db.collection('audits'), heads: db.collection('auditHeads') }), noted),
  )

/** A small document, if it is there at `now`. */
export const documentIn = (uri: string, kind: string, key: string, now: number): Promise<Json | undefined> =>
  withDatabase(uri, (db) => readDocument(db.collection('documents'), kind, key, now))

async function withDatabase<T>(uri: string, read: (db: Db) => Promise<T>): Promise<T> {
  const place = placeOf(uri)
  const client = new MongoClient(uri, { ...DRIVER_OPTIONS, maxPoolSize: 1 })
  try {
    await client.connect()
    return await read(client.db(namesDatabase(place) ? undefined : DATABASE))
  } catch (error) {
    throw explainError(error, place, secretsOf(uri))
  } finally {
    await client.close(true)
  }
}
