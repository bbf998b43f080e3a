// Several processes of the product over one MongoDB, each with a journal of its own, and people whose requests arrive at any of
// them, as a load balancer deals them out.

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { isBalanced } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import type { JsonObject } from '../src/lib/json.ts'
import { createLog } from '../src/lib/log.ts'
import { openReply, type Sealed, sealRequest } from '../src/simulate/client.ts'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
import { ledgerOf } from './kill-loop.ts'
import { configWith, type Folder, makeFolder } from './kit.ts'
import { type Served, serve } from './process.ts'
import { startProxy } from './proxy.ts'
import { allEvents, allSessions } from './store-contract/expected.ts'
import { mongoUri } from './stores.ts'
import { until } from './until.ts'
import { comparable, sessionsFrom, stepsOf, WALK } from './walk.ts'

setDefaultTimeout(120_000)

type Replica = { readonly folder: Folder; served: Served }

describe.skipIf(mongoUri === undefined)('replicas over one MongoDB', () => {
  const server = new URL(mongoUri ?? 'mongodb://127.0.0.1')
  let database: string
  let replicas: Replica[]
  let store: Store
  beforeEach(async () => {
    database = `screentrail-${crypto.randomUUID()}`
    replicas = []
    store = await openStore(uriOf(server.host), createLog('silent'))
  })
  afterEach(async () => {
    for (const { folder, served } of replicas) {
      await served.kill()
      await folder.remove()
    }
    await store.close()
    await dropDatabase()
  })

  const uriOf = (host: string) => `mongodb://${host}/${database}`

  const dropDatabase = async () => {
    const connection = await mongoose.createConnection(uriOf(server.host)).asPromise()
    await connection.dropDatabase()
    await connection.close()
  }

  /** With the keys and the config of the first, as replicas have. `hosts`: where each is to find MongoDB. */
  const start = async (hosts: readonly string[]) => {
    for (const host of hosts) {
      const folder = await makeFolder(configWith(WALK, `store: { uri: "${uriOf(host)}" }`))
      if (replicas[0]) await cp(join(replicas[0].folder.path, 'keys'), join(folder.path, 'keys'), { recursive: true })
      replicas.push({ folder, served: await serve(folder) })
    }
  }

  /** Sends to one of them; undefined when that one is gone. */
  const sendTo = async (replica: Replica, { body, headers, secret }: Sealed) => {
    const url = `http://127.0.0.1:${replica.served.port}/flows/walk`
    const response = await fetch(url, { method: 'POST', body, headers: { ...headers } }).catch(() => undefined)
    if (!response) return undefined
    const opened = openReply(await response.text(), secret)
    return { status: response.status, reply: opened.ok ? opened.reply : undefined }
  }

  const seal = (request: JsonObject) => {
    const [{ folder }] = replicas as [Replica]
    return sealRequest(request, folder.publicKey, folder.appSecret)
  }

  /** All is handed over; then every event is there once, and the sessions are those of one process that had seen them all. */
  const expectWhole = async (acknowledged: ReadonlySet<string>) => {
    let [stored, received, alreadyStored] = [0, 0, 0]
    for (const { folder, served } of replicas) {
      expect(await served.stop()).toBe(0)
      const ledger = await ledgerOf(folder)
      expect(isBalanced(ledger)).toBe(true)
      expect(ledger).toMatchObject({ waiting: 0, quarantined: 0, dropped: 0 })
      stored += ledger.stored
      received += ledger.received
      alreadyStored += ledger.alreadyStored
    }
    const events = await allEvents(store)
    expect(events.map(({ id }) => id).sort()).toEqual([...acknowledged].sort())
    expect(received - alreadyStored).toBe(stored)
    expect(stored).toBeLessThanOrEqual(events.length)
    const sessions = await allSessions(store)
    const [{ folder }] = replicas as [Replica]
    expect(comparable(sessions)).toEqual(comparable(sessionsFrom(events, await folder.load())))
    return sessions
  }

  test.each([
    ['in turn', (count: number) => count],
    ['in no order', (count: number) => [2, 0, 1, 1, 0, 2, 0, 0, 1, 2, 1][count % 11] as number],
  ])(
    'take requests %s, and one of them is killed and comes back: nothing is lost, doubled or in another order',
    async (_, choose) => {
      await start([server.host, server.host, server.host])
      const acknowledged = new Set<string>()
      let count = 0
      const walk = async (token: string) => {
        for (const { request, screen } of stepsOf(token)) {
          const sealed = seal(request)
          // Who is gone is passed over, with the same bytes; whether it had written them down before, nobody knows.
          let answer: Awaited<ReturnType<typeof sendTo>>
          for (let next = choose(count++); !answer; next++)
            answer = await sendTo(replicas[next % replicas.length] as Replica, sealed)
          expect({ status: answer.status, screen: answer.reply?.screen }).toEqual({ status: 200, screen })
          acknowledged.add(sha256(sealed.body))
        }
      }
      const crowd = (name: string) => Array.from({ length: 30 }, (_, index) => walk(`${name}-${index}`))

      const [, second] = replicas as [Replica, Replica]
      const first = crowd('first')
      await until('they are in the middle of it', () => acknowledged.size > 60)
      await second.served.kill()
      await Promise.all(first)
      second.served = await serve(second.folder)
      await Promise.all(crowd('second'))

      const sessions = await expectWhole(acknowledged)
      expect(sessions).toHaveLength(60)
      for (const session of sessions) expect(session.completedAt).toBeNumber()
    },
  )

  test('know what was said to another one, as soon as that is in the store', async () => {
    await start([server.host, server.host])
    const acknowledged = new Set<string>()
    const walk = async (token: string) => {
      const replies: (JsonObject | undefined)[] = []
      for (const [index, { request, screen }] of stepsOf(token).entries()) {
        const sealed = seal(request)
        const answer = await sendTo(replicas[index % 2] as Replica, sealed)
        expect(answer).toMatchObject({ status: 200, reply: { screen } })
        replies.push(answer?.reply)
        acknowledged.add(sha256(sealed.body))
        const isStored = async () => (await store.eventsOf('walk', token)).length === replies.length
        await until('the other one can know', isStored)
      }
      return replies
    }
    // A process asks the store for 150 ms and no longer, which a busy machine can miss: one of ten has to know all.
    let isKnown = false
    for (let person = 0; person < 10 && !isKnown; person++) {
      const token = `person-${person}`
      const [last, done] = (await walk(token)).reverse()
      const [session] = await store.sessionsOf([{ flow: 'walk', token }])
      const params = { booking: `B-${session?.id}`, flow_token: token }
      isKnown =
        Bun.deepEquals(done?.data, { service: 'new' }) &&
        Bun.deepEquals(last?.data, { extension_message_response: { params } })
    }
    expect(isKnown).toBe(true)
    await expectWhole(acknowledged)
  })

  test('do not know what another one cannot hand over yet; the person goes on without it', async () => {
    const proxy = await startProxy({ host: server.hostname, port: Number(server.port || 27017) })
    await start([`127.0.0.1:${proxy.port}`, server.host])
    await proxy.set('refuse')
    const acknowledged = new Set<string>()
    for (const { request, screen } of stepsOf('ada')) {
      const sealed = seal(request)
      const answer = await sendTo(
        replicas[request.screen === 'CONTACT' && request.action !== 'BACK' ? 1 : 0] as Replica,
        sealed,
      )
      expect(answer).toMatchObject({ status: 200, reply: { screen } })
      if (screen === 'DONE') expect(answer?.reply?.data).toEqual({})
      acknowledged.add(sha256(sealed.body))
    }
    await proxy.set('pass')
    const sessions = await expectWhole(acknowledged)
    expect(sessions).toHaveLength(1)
    expect(sessions[0]).toMatchObject({ choices: { service: 'new' }, completedAt: expect.any(Number) })
    await proxy.close()
  })
})
