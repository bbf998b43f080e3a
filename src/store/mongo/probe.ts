// Looks into a MongoDB. Unlike opening the store, this only reads. Each rejects with one sentence when MongoDB is away.

import type { Db } from 'mongodb'
import type { Json } from '../../lib/json.ts'
import { type CheckedChain, checkChain, type Place } from '../audit-chain.ts'
import { createAuditReader } from './audits.ts'
import { readDocument } from './documents.ts'
import { hadEvents } from './had-events.ts'
import { withDatabase } from './with-database.ts'

/** An estimate of the number of events, and whether there ever were any. */
export const lookForEvents = (uri: string): Promise<{ readonly count: number; readonly had: boolean }> =>
  inDatabase(uri, async (db) => ({
    count: await db.collection('events').estimatedDocumentCount(),
    had: await hadEvents(db),
  }))

/** Of the audit log; see `checkChain`. */
export const checkAudits = (uri: string, noted: Place | undefined): Promise<CheckedChain> =>
  inDatabase(uri, (db) =>
    checkChain(createAuditReader({ audits: db.collection('audits'), heads: db.collection('auditHeads') }), noted),
  )

/** A small document, if it is there at `now`. */
export const documentIn = (uri: string, kind: string, key: string, now: number): Promise<Json | undefined> =>
  inDatabase(uri, (db) => readDocument(db.collection('documents'), kind, key, now))

const inDatabase = <T>(uri: string, read: (db: Db) => Promise<T>): Promise<T> =>
  withDatabase(uri, read, { maxPoolSize: 1 })
