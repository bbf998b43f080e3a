// A request that does not get through whole: it is far larger than what the system holds between the two ends.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import mongoose from 'mongoose'
import { eventOf, START } from '../../../test/arbitrary-events.ts'
import { dropDatabase } from '../../../test/mongo.ts'
import { type Breakable, startProxy } from '../../../test/proxy.ts'
import { RULES } from '../../../test/store-contract/expected.ts'
import { mongoUri } from '../../../test/stores.ts'
import { openMongoStore } from './mongo.ts'
import { WriteTimeoutConnection } from './write-timeout-connection.ts'

describe.skipIf(mongoUri === undefined)('a request that is still being written', () => {
  const { hostname: host, port } = new URL(mongoUri ?? 'mongodb://127.0.0.1')
  let way: Breakable
  let uri: string
  beforeEach(async () => {
    way = await startProxy({ host, port: Number(port || 27017) })
    uri = `mongodb://127.0.0.1:${way.port}/screentrail-${crypto.randomUUID()}`
  })
  afterEach(async () => {
    await way.set('pass')
    await dropDatabase(uri)
    await way.close()
  })

  test('fails when the server ends the connection, also more often than the pool has places', async () => {
    const store = await openMongoStore(uri)
    const events = Array.from({ length: 16 }, (_, at) => eventOf({ at: START + at, input: { note: MEGABYTE } }))
    for (let round = 0; round < POOL_PLACES + 2; round++) {
      way.breakAt('insert', 'ends')
      await expect(store.record(events, RULES)).rejects.toThrow(
        /cannot reach MongoDB at .+ \(connection \d+ .+ closed\)/,
      )
    }
    expect(await store.record(events.slice(0, 2), RULES)).toMatchObject({ stored: 2, alreadyStored: 0 })
    await store.close()
  }, 120_000)

  test.each(['ends', 'stalls'] as const)(
    'fails when the server %s, within the time for an answer',
    async (moment) => {
      const options = { connectionType: WriteTimeoutConnection, socketTimeoutMS: 300 }
      const connection = await mongoose.createConnection(uri, options).asPromise()
      way.breakAt('insert', moment)
      const documents = Array.from({ length: 16 }, () => ({ note: MEGABYTE }))
      await expect(connection.collection('notes').insertMany(documents)).rejects.toThrow(/closed|timed out/)
      await connection.close()
    },
    20_000,
  )
})

/** Of those who record. */
const POOL_PLACES = 2
const MEGABYTE = 'x'.repeat(1 << 20)
