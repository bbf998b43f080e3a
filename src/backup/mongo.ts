// The documents of a MongoDB, into files and back. Each collection is one file: a line of canonical EJSON for each document, which
// keeps every type of BSON, as zstd.

import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline as pipeThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import batch from 'it-batch'
import { BSON, type Collection, type Db, type Document, type IndexSpecification } from 'mongodb'
import { portionsOf } from '../lib/portions.ts'
import { catchUpHead } from '../store/mongo/audits.ts'
import { INDEXES, type Models } from '../store/mongo/models.ts'
import { withDatabase } from '../store/mongo/with-database.ts'
import { WriteTimeoutConnection } from '../store/mongo/write-timeout-connection.ts'
import { type Measured, measureFile } from './files.ts'

type Name = keyof Models

/**
 * The order in which collections are read while a server writes: sessions come before the events that they are made of, so that
 * after a restore they can be made anew from what is there, and hours after the notes of what they lack, so that none of them is
 * missed. The head of the audit log comes before its entries, and is moved to the last of them. What stands for itself comes last.
 */
const IN_ORDER: readonly Name[] = [
  'heads',
  'sessions',
  'events',
  'sessionStaleMinutes',
  'eventStaleMinutes',
  'sessionHours',
  'eventHours',
  'sessionDays',
  'eventDays',
  'auditHeads',
  'audits',
]

export const COLLECTIONS: readonly Name[] = [
  ...IN_ORDER,
  ...(Object.keys(INDEXES) as Name[]).filter((name) => !IN_ORDER.includes(name)),
]

const FILE = /^(\w+)\.ejson\.zst$/

export type CollectionFile = Measured & { readonly name: string; readonly documents: number }

/** `onRead`: how many documents were read so far, and about how many there are. Rejects with one sentence if MongoDB is away. */
export function dumpDocuments(
  uri: string,
  folder: string,
  onRead: (done: number, all: number) => void,
): Promise<readonly CollectionFile[]> {
  return inDatabase(uri, undefined, async (db) => {
    const counts = await Promise.all(COLLECTIONS.map((name) => db.collection(name).estimatedDocumentCount()))
    const all = counts.reduce((sum, count) => sum + count, 0)
    let done = 0
    const files: CollectionFile[] = []
    for (const name of COLLECTIONS) {
      const file = `${name}.ejson.zst`
      let documents = 0
      const lines = linesOf(db.collection(name), (count) => {
        documents += count
        done += count
        onRead(done, Math.max(done, all))
      })
      const path = join(folder, file)
      await pipeline(Readable.from(lines), createZstdCompress(), createWriteStream(path, { mode: 0o600, flags: 'wx' }))
      files.push({ name: file, documents, ...measureFile(path) })
    }
    return files
  })
}

/** As MongoDB has the values, without a detour over those of JavaScript. */
const AS_STORED = { promoteValues: false, promoteLongs: false, promoteBuffers: false } as const

/** By `_id`, so that a document that is there all the time is met exactly once. */
async function* linesOf(collection: Collection, onRead: (count: number) => void): AsyncGenerator<string> {
  const cursor = collection.find({}, AS_STORED).sort({ _id: 1 })
  for await (const documents of batch(cursor, DOCUMENTS_AT_ONCE)) {
    onRead(documents.length)
    yield documents.map((document) => `${BSON.EJSON.stringify(document, { relaxed: false })}\n`).join('')
  }
}

const DOCUMENTS_AT_ONCE = 100

/** Rejects with one sentence if a file does not have as many documents as it should. */
export async function checkDocuments(
  folder: string,
  files: readonly { readonly name: string; readonly documents?: number | undefined }[],
): Promise<void> {
  for (const { name, documents } of files) {
    let found = 0
    for await (const _ of documentsIn(join(folder, name))) found++
    if (found !== documents) throw new Error(`${join(folder, name)} has ${found} documents instead of ${documents}`)
  }
}

async function* documentsIn(path: string): AsyncGenerator<Document> {
  // An error of either ends the other; whoever reads the last one hears of it.
  const unpacked = pipeThrough(createReadStream(path), createZstdDecompress(), () => {})
  for await (const line of linesIn(unpacked.setEncoding('utf8')))
    yield BSON.EJSON.parse(line, { relaxed: false }) as Document
}

/** Not by `node:readline`, which also ends a line at U+2028, and JSON can have that in a text. Every line ends with a line feed. */
async function* linesIn(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest: string[] = []
  for await (const chunk of chunks) {
    const [first = '', ...others] = chunk.split('\n')
    rest.push(first)
    if (others.length === 0) continue
    yield rest.join('')
    rest = [others.pop() ?? '']
    yield* others
  }
  if (rest.join('') !== '') throw new Error('the last line is cut off')
}

/**
 * Fills the collections of the address' database, or of the one named, with their indexes; what is in them goes. Returns how many
 * documents each has then.
 */
export function loadDocuments(
  uri: string,
  database: string | undefined,
  folder: string,
  files: readonly string[],
  onWritten: (bytes: number) => void,
): Promise<{ readonly [file: string]: number }> {
  return inDatabase(uri, database, async (db) => {
    const counts: { [file: string]: number } = {}
    for (const name of COLLECTIONS) {
      const collection = db.collection(name)
      await collection.drop()
      await db.createCollection(name)
      const file = files.find((each) => FILE.exec(each)?.[1] === name)
      if (file !== undefined) {
        for await (const documents of portionsOf(documentsIn(join(folder, file)), PORTION, sizeOf)) {
          await collection.insertMany(documents, { ordered: false })
          onWritten(documents.length)
        }
        counts[file] = await collection.countDocuments()
      }
      const indexes = INDEXES[name].map((key) => ({ key: key as Exclude<IndexSpecification, string | unknown[]> }))
      if (indexes.length > 0) await collection.createIndexes(indexes as never)
    }
    await catchUpHead({ audits: db.collection('audits'), heads: db.collection('auditHeads') })
    return counts
  })
}

const sizeOf = (document: Document): number => BSON.calculateObjectSize(document)

/** A rollup can be large. */
const PORTION = { most: 2_000, size: 8 * 1024 * 1024 }

/** Whether any of our collections has a document. */
export function hasDocuments(uri: string): Promise<boolean> {
  return inDatabase(uri, undefined, async (db) => {
    const found = await Promise.all(
      COLLECTIONS.map((name) => db.collection(name).findOne({}, { projection: { _id: 1 } })),
    )
    return found.some((each) => each !== null)
  })
}

export const dropDatabase = (uri: string, database: string): Promise<unknown> =>
  inDatabase(uri, database, (db) => db.dropDatabase())

const inDatabase = <T>(uri: string, name: string | undefined, work: (db: Db) => Promise<T>): Promise<T> =>
  withDatabase(uri, work, { ...PATIENT, name, connectionType: WriteTimeoutConnection })

/** To make the indexes of millions of documents is one request. */
const PATIENT = { maxPoolSize: 2, socketTimeoutMS: 3_600_000 } as const
