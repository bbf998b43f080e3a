// Documents out of a MongoDB and back, with every type as it was.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { copyFile, mkdir, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BSON, MongoClient } from 'mongodb'
import { databaseAt, dropDatabase } from '../../test/mongo.ts'
import { mongoUri } from '../../test/stores.ts'
import { createLog } from '../lib/log.ts'
import { checkChain } from '../store/audit-chain.ts'
import { openStore } from '../store/open.ts'
import { COLLECTIONS, checkDocuments, dumpDocuments, hasDocuments, loadDocuments } from './mongo.ts'

const { Binary, Double, Int32, Long, ObjectId } = BSON

describe.skipIf(mongoUri === undefined)('documents of a MongoDB', () => {
  const [from, to] = [crypto.randomUUID(), crypto.randomUUID()].map((id) =>
    databaseAt(mongoUri ?? '', `backup-${id}`),
  ) as [string, string]
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'documents-'))
    // With its indexes.
    for (const uri of [from, to]) await (await openStore(uri, createLog('silent'))).close()
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
    for (const uri of [from, to]) await dropDatabase(uri)
  })

  const inDatabase = async <T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> => {
    const client = await new MongoClient(uri).connect()
    try {
      return await work(client)
    } finally {
      await client.close()
    }
  }

  const AS_STORED = { promoteValues: false, promoteLongs: false, promoteBuffers: false }
  const contentsOf = (uri: string) =>
    inDatabase(uri, async (client) =>
      Promise.all(
        COLLECTIONS.map(async (name) => {
          const collection = client.db().collection(name)
          const documents = await collection.find({}, AS_STORED).sort({ _id: 1 }).toArray()
          const indexes = (await collection.indexes().catch(() => [{ key: { _id: 1 } }]))
            .map(({ key }) => JSON.stringify(key))
            .sort()
          return [name, documents.map((each) => BSON.EJSON.stringify(each, { relaxed: false })), indexes]
        }),
      ),
    )

  test('come back with the types they had, and with their indexes', async () => {
    await inDatabase(from, async (client) => {
      const collection = client.db().collection('sessionHours')
      await collection.insertMany([
        {
          whole: new Int32(1),
          double: new Double(1),
          long: new Long('9007199254740993'),
          text: 'ä\u2028\n"',
          nothing: null,
        },
        { at: new Date(0), bytes: new Binary(Buffer.from([0, 255, 128])), list: [[], {}, [new Double(Number.NaN)]] },
        { nested: { id: new ObjectId(), flag: false, empty: '' } },
      ])
      await client
        .db()
        .collection('audits')
        .insertMany(Array.from({ length: 2_500 }, (_, at) => ({ at, who: `w${at}` })))
    })
    expect(await hasDocuments(to)).toBe(false)
    const files = await dumpDocuments(from, folder, () => {})
    expect(files.map(({ documents }) => documents).filter((count) => count > 0)).toEqual([3, 2_500])
    await checkDocuments(folder, files)

    let written = 0
    const counts = await loadDocuments(
      to,
      undefined,
      folder,
      files.map(({ name }) => name),
      (count) => {
        written += count
      },
    )
    expect(written).toBe(2_503)
    expect(counts).toEqual(Object.fromEntries(files.map(({ name, documents }) => [name, documents])))
    expect(await contentsOf(to)).toEqual(await contentsOf(from))
    expect(await hasDocuments(to)).toBe(true)

    // Once more, after a run that was cut short.
    await loadDocuments(
      to,
      undefined,
      folder,
      files.map(({ name }) => name),
      () => {},
    )
    expect(await contentsOf(to)).toEqual(await contentsOf(from))
  }, 120_000)

  test('make a whole audit log, though entries came in between while they were read', async () => {
    const store = await openStore(from, createLog('silent'))
    const enter = (at: number) => store.audit({ at, who: 'ada', what: 'login', detail: '' })
    for (const at of [1, 2]) await enter(at)
    const [before, after] = [join(folder, 'before'), join(folder, 'after')] as const
    for (const path of [before, after]) {
      await mkdir(path)
      await dumpDocuments(from, path, () => {})
      for (const at of [3, 4]) await enter(at)
    }
    await copyFile(join(before, 'auditHeads.ejson.zst'), join(after, 'auditHeads.ejson.zst'))
    await loadDocuments(to, undefined, after, ['auditHeads.ejson.zst', 'audits.ejson.zst'], () => {})
    await store.close()

    const restored = await openStore(to, createLog('silent'))
    expect(await checkChain(restored)).toEqual({ head: expect.objectContaining({ number: 4 }) })
    await restored.audit({ at: 5, who: 'ada', what: 'login', detail: '' })
    expect(await checkChain(restored)).toEqual({ head: expect.objectContaining({ number: 5 }) })
    await restored.close()
  }, 120_000)

  test('that are fewer in a file than were read are noticed', async () => {
    await inDatabase(from, (client) =>
      client
        .db()
        .collection('audits')
        .insertMany(Array.from({ length: 500 }, (_, at) => ({ at, who: crypto.randomUUID() }))),
    )
    const files = await dumpDocuments(from, folder, () => {})
    const audits = files.find(({ name }) => name.startsWith('audits'))
    if (audits?.documents !== 500) throw new Error('the documents were not read')
    await expect(checkDocuments(folder, [{ ...audits, documents: 501 }])).rejects.toThrow(
      'has 500 documents instead of 501',
    )
    await truncate(join(folder, audits.name), Math.floor(audits.bytes / 2))
    await expect(checkDocuments(folder, files)).rejects.toThrow()
    await rm(join(folder, audits.name))
    await expect(checkDocuments(folder, files)).rejects.toThrow('no such file')
  }, 120_000)
})
