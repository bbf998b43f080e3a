// The chain of the audit log when several processes write it, when they are killed, and when there were entries before it.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import mongoose from 'mongoose'
import { dropDatabase } from '../../../test/mongo.ts'
import { mongoUri } from '../../../test/stores.ts'
import { checkChain } from '../audit-chain.ts'
import type { AuditEntry, Store } from '../store.ts'
import type { AuditDocument } from './audits.ts'
import { openMongoStore } from './mongo.ts'

describe.skipIf(mongoUri === undefined)('the audit log of several processes', () => {
  let uri: string
  let opened: Store[]
  beforeEach(() => {
    uri = `${(mongoUri ?? '').replace(/\/+$/, '')}/screentrail-${crypto.randomUUID()}`
    opened = []
  })
  afterEach(async () => {
    for (const store of opened) await store.close()
    await dropDatabase(uri)
  })

  const open = async (): Promise<Store> => {
    const store = await openMongoStore(uri)
    opened.push(store)
    return store
  }
  const inDatabase = async (work: (audits: mongoose.Collection) => Promise<unknown>): Promise<void> => {
    const connection = await mongoose.createConnection(uri).asPromise()
    await work(connection.collection('audits'))
    await connection.close()
  }

  test('is one chain without a gap, though they are killed', async () => {
    const children = [1, 2, 3].map((who) => {
      const child = Bun.spawn([process.execPath, '-e', WRITER, uri, `process ${who}`], { stdout: 'pipe' })
      return { child, acknowledged: 0 }
    })
    await Promise.all(
      children.map(async (each, index) => {
        for await (const chunk of each.child.stdout) {
          each.acknowledged += chunk.length
          if (each.acknowledged > 10 + index * 8) each.child.kill('SIGKILL')
        }
        await each.child.exited
      }),
    )
    const store = await open()
    await store.audit(entryOf(0))
    expect(await checkChain(store)).not.toHaveProperty('fault')
    const entries = await store.audits(10_000)
    for (const [index, { acknowledged }] of children.entries()) {
      const theirs = entries.filter(({ who }) => who === `process ${index + 1}`).length
      expect(theirs).toBeGreaterThanOrEqual(acknowledged)
      // Nobody had told it of the last one.
      expect(theirs).toBeLessThanOrEqual(acknowledged + 1)
    }
  }, 120_000)

  test('gets the entry of a process that was killed when only the head had it', async () => {
    const store = await open()
    for (let index = 0; index < 3; index++) await store.audit(entryOf(index))
    await inDatabase((audits) => audits.deleteOne({ _id: 3 as never }))
    expect(await checkChain(store)).not.toHaveProperty('fault')
    await store.audit(entryOf(3))
    expect(await checkChain(store)).not.toHaveProperty('fault')
    expect(await store.audits(9)).toEqual([3, 2, 1, 0].map(entryOf))
  })

  test('begins with the entries that were there before there was a chain, whoever opens it, and how often', async () => {
    const older = Array.from({ length: 450 }, (_, index) => entryOf(index))
    await inDatabase((audits) => audits.insertMany(older.toReversed().map((entry) => ({ ...entry }))))
    await Promise.all([open(), open(), open()])
    const store = await open()
    expect(await store.audits(500)).toEqual(older.toReversed())
    expect(await checkChain(store)).toEqual({ head: expect.objectContaining({ number: 450, older: 450 }) })
    await store.audit(entryOf(450))
    expect((await checkChain(store)).head).toMatchObject({ number: 451, older: 450 })

    // One that an older Screentrail has written meanwhile.
    await inDatabase((audits) => audits.insertOne({ ...entryOf(451) }))
    expect(await (await open()).audits(1)).toEqual([entryOf(451)])
    expect(await checkChain(store)).toEqual({ head: expect.objectContaining({ number: 452, older: 450 }) })
    await inDatabase(async (audits) =>
      expect(await (audits as unknown as mongoose.mongo.Collection<AuditDocument>).countDocuments()).toBe(452),
    )
  }, 120_000)
})

/** Writes entry after entry, and a letter for each that it was told is kept. */
const WRITER = `
  import { writeSync } from 'node:fs'
  import { openMongoStore } from ${JSON.stringify(import.meta.resolve('./mongo.ts'))}
  const [uri, who] = process.argv.slice(-2)
  const store = await openMongoStore(uri)
  for (let at = 0; ; at++) {
    await store.audit({ at, who, what: 'login', detail: '' })
    writeSync(1, '.')
  }`

const entryOf = (index: number): AuditEntry => ({
  at: 1_000 + index,
  who: 'ada',
  what: 'login',
  detail: `no. ${index}`,
})
