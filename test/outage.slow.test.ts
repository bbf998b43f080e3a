// MongoDB failing in the ways servers and networks fail: people are answered meanwhile, and nothing is lost or doubled.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import pino from 'pino'
import { type App, createApp } from '../src/app.ts'
import { isBalanced } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { sleep } from '../src/lib/sleep.ts'
import { clientOf, type Folder, makeFolder } from './kit.ts'
import { databaseAt, dropDatabase } from './mongo.ts'
import { type Breakable, startProxy } from './proxy.ts'
import { storedIds } from './stored.ts'
import { mongoUri } from './stores.ts'
import { until } from './until.ts'

describe.skipIf(mongoUri === undefined)('while MongoDB', () => {
  const server = new URL(mongoUri ?? 'mongodb://127.0.0.1')
  let direct: string
  let proxy: Breakable
  let folder: Folder
  let app: App
  let acknowledged: Set<string>

  beforeEach(async () => {
    const database = `screentrail-${crypto.randomUUID()}`
    direct = databaseAt(server.href, database)
    proxy = await startProxy({ host: server.hostname, port: Number(server.port || 27017) })
    folder = await makeFolder(undefined, `mongodb://127.0.0.1:${proxy.port}/${database}`)
    acknowledged = new Set()
  })
  afterEach(async () => {
    await proxy.set('pass')
    await app.stop()
    await proxy.close()
    await dropDatabase(direct)
    await folder.remove()
  }, 120_000)

  const start = async (options: Partial<Parameters<typeof createApp>[1]> = {}) => {
    app = await createApp(await folder.load(), { log: createLog('silent'), ...options })
  }

  /** So many people open the flow and choose; every one of them must be answered. */
  const comePeople = async (count: number) => {
    const client = clientOf((request) => app.handle(request), folder)
    const token = crypto.randomUUID()
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const person = { version: '3.0', flow_token: `${token}-${index}` }
        const steps = [
          { ...person, action: 'INIT', screen: '', data: {} },
          { ...person, action: 'data_exchange', screen: 'SERVICE_SELECTION', data: { service: 'routine' } },
        ]
        for (const step of steps) {
          const { status, sealed } = await client.send('repair-booking', step)
          expect(status).toBe(200)
          acknowledged.add(sha256(sealed.body))
        }
      }),
    )
  }

  const isWaiting = async (count: number) => (await app.ledger()).waiting >= count

  const expectNothingLost = async () => {
    await app.settled()
    const ledger = await app.ledger()
    expect(ledger).toMatchObject({ received: acknowledged.size, waiting: 0, quarantined: 0, dropped: 0 })
    expect(isBalanced(ledger)).toBe(true)
    const ids = await storedIds(direct)
    expect(ids.sort()).toEqual([...acknowledged].sort())
  }

  test('is down when the server starts, and comes up later', async () => {
    await proxy.set('refuse')
    await start()
    await comePeople(20)
    expect(await isWaiting(40)).toBe(true)
    await proxy.set('pass')
    await expectNothingLost()
  }, 120_000)

  test('is down for the whole run, what it missed reaches it after a restart', async () => {
    await proxy.set('refuse')
    await start()
    await comePeople(20)
    await app.stop()
    await proxy.set('pass')
    await start()
    await comePeople(1)
    await expectNothingLost()
  }, 120_000)

  test('goes away in between', async () => {
    await start()
    await comePeople(20)
    await app.settled()
    await proxy.set('refuse')
    await comePeople(20)
    expect(await isWaiting(40)).toBe(true)
    await proxy.set('pass')
    await expectNothingLost()
  }, 120_000)

  test('is there again, what waits goes to it at once, and not only with the next attempt', async () => {
    let hasFailed = false
    let isAway = false
    let isResting = false
    const write = (line: string) => {
      if (line.includes('did not take events')) hasFailed = true
    }
    /** After a failure it would rest for ever: only being woken ends that. */
    const wait = (ms: number, signal?: AbortSignal) => {
      if (!hasFailed || !isAway) return sleep(ms, signal)
      isResting = true
      return new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
    }
    await start({ log: pino({}, { write }), wait })
    await app.settled()
    isAway = true
    // In the middle of a message, so that the driver notices at once.
    proxy.breakAt('insert', 'before')
    await comePeople(1)
    await until('it has failed, and rests', () => isResting, 120_000)
    isAway = false
    await proxy.set('pass')
    await until('nothing waits any more', async () => !(await isWaiting(1)), 120_000)
    await expectNothingLost()
  }, 180_000)

  test('hangs', async () => {
    await start()
    await comePeople(5)
    await app.settled()
    await proxy.set('hang')
    await comePeople(20)
    expect(await isWaiting(40)).toBe(true)
    await proxy.set('pass')
    await expectNothingLost()
  }, 120_000)

  test('takes two seconds for every request', async () => {
    await start()
    await app.settled()
    await proxy.set({ slowMs: 2_000 })
    await comePeople(20)
    expect(await isWaiting(40)).toBe(true)
    await proxy.set('pass')
    await expectNothingLost()
  }, 120_000)

  test.each(['before', 'after', 'blink', 'ends'] as const)(
    'is cut off in the middle of a batch (%s)',
    async (moment) => {
      await start()
      await app.settled()
      proxy.breakAt('insert', moment)
      await comePeople(30)
      await until('the batch was cut off', () => proxy.breaks() > 0)
      await comePeople(10)
      await proxy.set('pass')
      await expectNothingLost()
    },
    60_000,
  )

  test('is cut off again and again in the middle of what it is sent', async () => {
    await start()
    await app.settled()
    for (let cuts = 0; cuts < 8; cuts++) {
      await comePeople(30)
      await until('something is under way', async () => (await app.ledger()).stored + (await app.ledger()).waiting > 0)
      proxy.cut()
    }
    await expectNothingLost()
  }, 120_000)
})
