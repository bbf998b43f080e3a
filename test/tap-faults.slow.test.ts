// Whatever goes wrong with Screentrail, people get what the endpoint behind a tap answers; and what is on the trail afterwards.

import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { isBalanced } from '../src/journal/ledger.ts'
import { listening } from './listening.ts'
import { ledgerShown, metricsOf } from './metrics.ts'
import { databaseAt, dropDatabase } from './mongo.ts'
import { findNode } from './node-endpoint.ts'
import { type Served, serve } from './process.ts'
import { startProxy } from './proxy.ts'
import { canMount, mountSmallDisk } from './small-disk.ts'
import { compare, holdStore, storedIds } from './stored.ts'
import { mongoUri } from './stores.ts'
import { startTwins, type Twins } from './tap-twins.ts'
import { until } from './until.ts'

setDefaultTimeout(120_000)

const node = findNode()
if (node === undefined) console.log('tap-faults.slow.test.ts skipped: no node')

describe.skipIf(node === undefined)('behind a tap', () => {
  let twins: Twins
  let served: Served
  const start = async (more = '', options: readonly string[] = []) => {
    twins = await startTwins(node ?? '', more)
    served = await serve(twins.folder, [], options)
  }
  const restart = async () => {
    const { port } = served
    served = await serve(twins.folder, [], ['--port', String(port)])
  }
  afterEach(async () => {
    await served.kill()
    await twins.stop()
  })

  const peopleWalk = async (count: number, port = served.port) => expect(await twins.walk(count, port)).toEqual([])

  /** Of every request that was answered, in the journal, in the store, or counted as dropped. */
  const allAreSeen = (events = twins.events.size) =>
    until(
      'everything is looked at',
      async () => (await ledgerShown(served.port)).received === events + twins.sent.again,
      60_000,
    )
  const expectAllStoredOnce = async (uri: string) => {
    expect(await served.stop()).toBe(0)
    const { size } = twins.events
    expect(compare(twins.events, await storedIds(uri))).toEqual({ stored: size, lost: 0, doubled: 0 })
    expect(twins.unanswered.size).toBe(0)
  }
  const storeUri = async () => (await twins.folder.load()).config.store.uri

  test('while nobody can write to the store', async () => {
    await start()
    const letGo = holdStore(twins.folder)
    await peopleWalk(20)
    await allAreSeen()
    expect((await ledgerShown(served.port)).stored).toBe(0)
    letGo()
    await expectAllStoredOnce(await storeUri())
  })

  test.skipIf(!canMount)('while the journal is on a full disk', async () => {
    twins = await startTwins(node ?? '', 'journal: { file: small/journal.db }')
    const disk = await mountSmallDisk(twins.folder.path)
    try {
      served = await serve(twins.folder)
      const letGo = holdStore(twins.folder)
      await disk.fill()
      await until(
        'events are dropped',
        async () => {
          await peopleWalk(20)
          return (await ledgerShown(served.port)).dropped > 0
        },
        60_000,
      )
      await allAreSeen()
      letGo()
      await disk.free()
      await peopleWalk(20)
      await allAreSeen()
      await until('the store has the rest', async () => (await ledgerShown(served.port)).waiting === 0)
      const ledger = await ledgerShown(served.port)
      expect(isBalanced(ledger)).toBe(true)
      expect(twins.unanswered.size).toBe(0)
      expect(await storedIds(await storeUri())).toHaveLength(ledger.stored)
      expect((await metricsOf(served.port))('tap_unseen_total{flow="loan"}')).toBe(0)
    } finally {
      await served.kill()
      await disk.remove()
    }
  })

  describe.skipIf(mongoUri === undefined)('while MongoDB', () => {
    test.each(['refuse', 'hang'] as const)('%ss', async (mode) => {
      const { href, hostname, port } = new URL(mongoUri ?? 'mongodb://127.0.0.1')
      const database = `screentrail-${crypto.randomUUID()}`
      const proxy = await startProxy({ host: hostname, port: Number(port || 27017) })
      try {
        await start(`store: { uri: "mongodb://127.0.0.1:${proxy.port}/${database}" }`)
        await peopleWalk(10)
        await proxy.set(mode)
        await peopleWalk(20)
        await allAreSeen()
        await proxy.set('pass')
        await expectAllStoredOnce(databaseAt(href, database))
      } finally {
        await served.kill()
        await proxy.close()
        await dropDatabase(databaseAt(href, database))
      }
    })
  })

  test('killed in the middle: requests under way get no reply, and their trail is missing; then it goes on', async () => {
    await start()
    await peopleWalk(20)
    await allAreSeen()
    const seen = new Set(twins.events)
    const walking = twins.walk(100, served.port)
    await until('the walks are under way', () => twins.events.size > seen.size + 60, 120_000)
    await served.kill()
    expect(await walking).toEqual([])
    expect(twins.unanswered.size).toBeGreaterThan(0)
    const answered = [...twins.events].slice(seen.size)

    await restart()
    await peopleWalk(20)
    expect(await served.stop()).toBe(0)
    const ids = await storedIds(await storeUri())
    const stored = new Set(ids)
    const lost = [...twins.events].filter((id) => !stored.has(id))
    console.log(`killed after ${answered.length} replies: ${lost.length} of them are not on the trail`)
    expect(ids).toHaveLength(stored.size)
    expect(ids.filter((id) => !twins.events.has(id) && !twins.unanswered.has(id))).toEqual([])
    // What was replied in the last moment, and still waited to be looked at.
    expect(lost.filter((id) => !answered.includes(id))).toEqual([])
  })

  test('killed behind a proxy that then asks the endpoint itself: everybody gets a reply', async () => {
    await start()
    const tap = `http://127.0.0.1:${served.port}/flows/loan`
    const proxy = await listening([node ?? '', join(import.meta.dir, 'tap/fallback.mjs'), tap, twins.behind], {})
    try {
      await peopleWalk(10, proxy.port)
      const walking = twins.walk(50, proxy.port)
      const { size } = twins.events
      await until('the walks are under way', () => twins.events.size > size + 30, 120_000)
      await served.kill()
      expect(await walking).toEqual([])
      await restart()
      const before = (await ledgerShown(served.port)).received
      await peopleWalk(20, proxy.port)
      await until('the tap sees people again', async () => (await ledgerShown(served.port)).received > before)
      expect(twins.unanswered.size).toBe(0)
    } finally {
      await proxy.stop()
    }
  })
})
