import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { eventOf } from '../../../test/arbitrary-events.ts'
import { dropDatabase } from '../../../test/mongo.ts'
import { type Breakable, startProxy } from '../../../test/proxy.ts'
import { RULES } from '../../../test/store-contract/expected.ts'
import { mongoUri } from '../../../test/stores.ts'
import type { Store } from '../store.ts'
import { openMongoStore } from './mongo.ts'

describe.skipIf(mongoUri === undefined)('a mongo store that takes a second for every request', () => {
  const { hostname: host, port } = new URL(mongoUri ?? 'mongodb://127.0.0.1')
  let way: Breakable
  let uri: string
  let store: Store
  beforeEach(async () => {
    way = await startProxy({ host, port: Number(port || 27017) })
    uri = `mongodb://127.0.0.1:${way.port}/screentrail-${crypto.randomUUID()}`
    store = await openMongoStore(uri)
  })
  afterEach(async () => {
    await way.set('pass')
    await store.close()
    await dropDatabase(uri)
    await way.close()
  })

  test('records, whatever number of people keep asking it', async () => {
    await way.set({ slowMs: 1_000 })
    const asking = setInterval(() => store.eventsOf('repair-booking', 'token-1').catch(() => {}), 5)
    const recorded = await store.record([eventOf()], RULES).finally(() => clearInterval(asking))
    expect(recorded).toMatchObject({ stored: 1 })
  }, 120_000)
})
