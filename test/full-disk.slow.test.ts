// The journal's disk full: people are answered, what cannot be written is counted, and it goes on by itself.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isBalanced } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { ledgerOf } from './kill-loop.ts'
import { type Client, clientOf, type Folder, makeFolder } from './kit.ts'
import { ledgerShown } from './metrics.ts'
import { type Served, serve } from './process.ts'
import { canMount, mountSmallDisk, run, type SmallDisk } from './small-disk.ts'
import { holdStore, storedIds } from './stored.ts'
import { until } from './until.ts'

let folder: Folder
let served: Served
let client: Client
let acknowledged: Set<string>
beforeEach(async () => {
  folder = await makeFolder()
  acknowledged = new Set()
})
afterEach(async () => {
  await served.kill()
  await folder.remove()
})

const start = async (through: readonly string[] = []) => {
  served = await serve(folder, through)
  client = clientOf(fetch, folder, `http://localhost:${served.port}`)
}

/** So many people open the flow and choose; every one of them must be answered, and rightly. */
const comePeople = async (count: number) => {
  const one = async () => {
    const person = { version: '3.0', flow_token: crypto.randomUUID() }
    const steps = [
      [{ ...person, action: 'INIT', screen: '', data: {} }, 'SERVICE_SELECTION'],
      [{ ...person, action: 'data_exchange', screen: 'SERVICE_SELECTION', data: { service: 'routine' } }, 'DATE_TIME'],
    ] as const
    for (const [step, screen] of steps) {
      const { status, reply, sealed } = await client.send('repair-booking', step)
      expect({ status, screen: reply?.screen }).toEqual({ status: 200, screen })
      acknowledged.add(sha256(sealed.body))
    }
  }
  await Promise.all(Array.from({ length: count }, one))
}

const ask = async (path: string) => {
  const response = await fetch(`http://localhost:${served.port}${path}`)
  return { status: response.status, text: await response.text() }
}

const counts = () => ledgerShown(served.port)

/** The server says in its log which events it could not write down. */
const droppedIds = () =>
  served
    .output()
    .split('\n')
    .filter((line) => line.includes('could not be journaled'))
    .map((line) => (JSON.parse(line) as { event: string }).event)

const peopleComeUntilDropped = async (events: number) => {
  await until(
    `${events} events are dropped`,
    async () => {
      await comePeople(20)
      const { dropped } = await counts()
      // Now and then SQLite finds some room once more; it is full when nothing of what a person does gets in.
      await comePeople(1)
      return dropped >= events && (await counts()).dropped === dropped + 2
    },
    40_000,
  )
  expect(isBalanced(await counts())).toBe(true)
  expect(await ask('/ready')).toEqual({
    status: 503,
    text: expect.stringMatching(
      /^The last event could not be journaled: .*disk.*\. Free some disk space or check the disk\.$/m,
    ),
  })
}

const peopleComeAndAreJournaled = async () => {
  const { dropped } = await counts()
  await comePeople(20)
  await until('everything has moved to the store', async () => (await counts()).waiting === 0)
  expect((await counts()).dropped).toBe(dropped)
  expect(await ask('/ready')).toEqual({ status: 200, text: 'ready\n' })
}

/** To the store, to the last one, save for what was dropped. */
const expectAccounted = async () => {
  const dropped = droppedIds()
  // It knocks at the journal with longer and longer pauses.
  expect(served.output().split('let go of what the store has').length).toBeLessThan(10)
  expect(await served.stop()).toBe(0)
  const ledger = await ledgerOf(folder)
  expect(isBalanced(ledger)).toBe(true)
  expect(ledger).toMatchObject({ received: acknowledged.size, dropped: dropped.length, waiting: 0, quarantined: 0 })
  const kept = [...acknowledged].filter((id) => !dropped.includes(id))
  expect((await storedIds((await folder.load()).config.store.uri)).sort()).toEqual(kept.sort())
}

if (!canMount) console.log('tests on a full file system skipped: only root can mount one')

describe.skipIf(!canMount)('on a file system of its own that others fill up', () => {
  let disk: SmallDisk
  beforeEach(async () => {
    disk = await mountSmallDisk(folder.path)
    const config = await readFile(folder.config, 'utf8')
    await writeFile(folder.config, config.replace('data/journal.db', 'small/journal.db'))
  })
  afterEach(async () => {
    await served.kill()
    await disk.remove()
  })

  test('makes room for itself as soon as the store takes events, and has its reserve again when there is room', async () => {
    await start()
    await comePeople(50)
    const letStoreGo = holdStore(folder)
    await disk.fill()
    await peopleComeUntilDropped(100)
    expect(existsSync(join(disk.path, 'journal.db.reserve'))).toBe(true)

    letStoreGo()
    await until('the journal has let go of what the store has', async () => (await counts()).waiting === 0)
    await peopleComeAndAreJournaled()
    expect(existsSync(join(disk.path, 'journal.db.reserve'))).toBe(false)

    await disk.free()
    await peopleComeAndAreJournaled()
    expect(existsSync(join(disk.path, 'journal.db.reserve'))).toBe(true)
    await expectAccounted()
  }, 120_000)

  test('answers and ends as it should when its own log is on there as well', async () => {
    await start(['sh', '-c', `exec "$0" "$@" 2>${disk.path}/log`])
    await comePeople(10)
    const letStoreGo = holdStore(folder)
    await disk.fill()
    await peopleComeUntilDropped(200)
    letStoreGo()
    expect(await served.stop()).toBe(0)
    expect(await ledgerOf(folder)).toMatchObject({ received: acknowledged.size, waiting: 0 })
  }, 120_000)

  test('saves a damaged journal with what the reserve takes', async () => {
    await start()
    const letStoreGo = holdStore(folder)
    await comePeople(60)
    await served.kill()
    letStoreGo()
    await disk.fill()
    const log = await open(join(disk.path, 'journal.db-wal'), 'r+')
    await log.write(Buffer.alloc(100, 0xa5), 0, 100, 120_000)
    await log.close()
    await start()
    const line = served
      .output()
      .split('\n')
      .find((text) => text.includes('was damaged'))
    const { lost } = JSON.parse(line ?? '{}') as { lost: number }
    expect(await served.stop()).toBe(0)
    const ledger = await ledgerOf(folder)
    expect(isBalanced(ledger)).toBe(true)
    expect(ledger).toMatchObject({ received: acknowledged.size, waiting: 0, dropped: lost })
    expect(await storedIds((await folder.load()).config.store.uri)).toHaveLength(acknowledged.size - lost)
  }, 120_000)

  test('can be killed and started while it is full', async () => {
    await start()
    await comePeople(10)
    const letStoreGo = holdStore(folder)
    await disk.fill()
    await peopleComeUntilDropped(10)
    const dropped = droppedIds()
    await served.kill()
    letStoreGo()
    await start()
    await until('what waited is in the store', async () => (await counts()).waiting === 0)
    await peopleComeAndAreJournaled()
    expect(await served.stop()).toBe(0)
    const kept = [...acknowledged].filter((id) => !dropped.includes(id))
    expect((await storedIds((await folder.load()).config.store.uri)).sort()).toEqual(kept.sort())
    expect(isBalanced(await ledgerOf(folder))).toBe(true)
  }, 120_000)
})

const canLimit = Bun.which('prlimit') !== null
if (!canLimit) console.log('test with a limit on files skipped: there is no prlimit to lift it')

test.skipIf(!canLimit)(
  'where no file may grow, as on a full disk: goes on when they may again',
  async () => {
    // Blocks are of 512 or of 1,024 bytes: 400 KB or 800 KB.
    await start(['sh', '-c', 'trap "" XFSZ; ulimit -S -f 800; exec "$0" "$@"'])
    await comePeople(20)
    const letStoreGo = holdStore(folder)
    await peopleComeUntilDropped(100)
    letStoreGo()
    await run('prlimit', '--pid', String(served.pid), '--fsize=unlimited')
    await until('everything has moved to the store', async () => (await counts()).waiting === 0)
    await peopleComeAndAreJournaled()
    await expectAccounted()
  },
  60_000,
)
