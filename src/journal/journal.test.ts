import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf } from '../../test/arbitrary-events.ts'
import { type Journal, openJournal } from './journal.ts'
import { isBalanced } from './ledger.ts'

let folder: string
let file: string
let commits: number
const open = () => openJournal({ file, durability: 'disk', onCommit: () => commits++ })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'))
  file = join(folder, 'journal.db')
  commits = 0
})
afterEach(() => jest.useRealTimers())
afterEach(() => rm(folder, { recursive: true, force: true }))

const events = (count: number) =>
  Array.from({ length: count }, (_, index) => eventOf({ at: 1_000 + index, token: `t${index % 3}` }))
const bodies = async (journal: Journal) => (await journal.take(1_000)).map((entry) => JSON.parse(entry.body).at)

describe('the journal', () => {
  test('holds what was appended, oldest first, until it is settled, across a restart', async () => {
    const first = await open()
    for (const event of events(5)) await first.append(event)
    expect(await bodies(first)).toEqual([1000, 1001, 1002, 1003, 1004])
    const [, , third] = await first.take(3)
    await first.settle({ through: third?.seq as number, stored: 3, alreadyStored: 0, refused: [] }, 1)
    await first.close()

    const second = await open()
    expect(await bodies(second)).toEqual([1003, 1004])
    expect(await second.ledger()).toEqual({
      received: 5,
      stored: 3,
      alreadyStored: 0,
      waiting: 2,
      quarantined: 0,
      dropped: 0,
    })
    await second.close()
  })

  test('holds only so much that is not written yet; the rest is counted as dropped', async () => {
    const journal = await open()
    const large = { flow: 'f', token: 't', at: 1, expiresAt: 1e12, sealed: 's'.repeat(1024 * 1024) }
    const appended = await Promise.allSettled(events(100).map((event) => journal.append(event, large)))
    const dropped = appended.filter(({ status }) => status === 'rejected').length
    expect(dropped).toBeGreaterThan(30)
    expect(dropped).toBeLessThan(40)
    const ledger = await journal.ledger()
    expect(ledger).toMatchObject({ received: 100, waiting: 100 - dropped, dropped })
    expect(isBalanced(ledger)).toBe(true)
    await journal.append(eventOf({}))
    await journal.close()
  })

  test('commits what arrives together together', async () => {
    const journal = await open()
    await Promise.all(events(300).map((event) => journal.append(event)))
    expect(commits).toBeLessThan(5)
    expect((await journal.ledger()).waiting).toBe(300)
    await journal.close()
  })

  test('keeps what the store refused, with the reason, out of the way', async () => {
    const journal = await open()
    await Promise.all(events(3).map((event) => journal.append(event)))
    const batch = await journal.take(3)
    const refused = [{ seq: batch[1]?.seq as number, reason: 'at is not a number' }]
    await journal.settle({ through: batch[2]?.seq as number, stored: 2, alreadyStored: 0, refused }, 1)
    const ledger = await journal.ledger()
    expect(ledger).toMatchObject({ waiting: 0, stored: 2, quarantined: 1 })
    expect(isBalanced(ledger)).toBe(true)
    await journal.close()
  })

  test('tells the events of one token that wait', async () => {
    const journal = await open()
    for (const event of events(6)) await journal.append(event)
    const { flow } = eventOf({})
    expect((await journal.newestEventsOf(flow, 't1', 10)).map((event) => event.at)).toEqual([1001, 1004])
    expect(await journal.newestEventsOf('other', 't1', 10)).toEqual([])
    await journal.close()
  })

  test('counts what it could not write as dropped, and goes on when it can again', async () => {
    const journal = await open()
    const [good, lost, next] = events(3)
    await journal.append(good as never)
    const disk = new Database(file)
    disk.run("CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    expect(await journal.append(lost as never).catch(String)).toContain('the disk is full')
    expect(await journal.ledger()).toMatchObject({ received: 2, dropped: 1, waiting: 1 })
    disk.run('DROP TRIGGER full')
    disk.close()
    await journal.append(next as never)
    const ledger = await journal.ledger()
    expect(ledger).toMatchObject({ received: 3, dropped: 1, waiting: 2 })
    await journal.close()
  })

  test('writes down how many were dropped when it is closed, or lets go of others, without a new event', async () => {
    const journal = await open()
    const [good, lost] = events(2)
    await journal.append(good as never)
    const disk = new Database(file)
    const fill = () => disk.run("CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'full'); END")
    fill()
    await journal.append(lost as never).catch(() => {})
    await journal.settle({ through: 1, stored: 1, alreadyStored: 0, refused: [] }, 1)
    await journal.flush()
    expect(disk.query('SELECT received, stored, dropped FROM ledger').get()).toEqual({
      received: 2,
      stored: 1,
      dropped: 1,
    })
    await journal.append(lost as never).catch(() => {})
    await journal.close()
    expect(disk.query('SELECT received, stored, dropped FROM ledger').get()).toEqual({
      received: 3,
      stored: 1,
      dropped: 2,
    })
    disk.close()
  })

  test('keeps its -wal small, also after somebody has been reading for long', async () => {
    const journal = await open()
    const reader = new Database(file, { readonly: true })
    reader.run('BEGIN')
    reader.query('SELECT count(*) FROM entries').get()
    const size = () => Bun.file(`${file}-wal`).size
    for (let round = 0; size() < 10_000_000 && round < 100; round++)
      await Promise.all(events(500).map((event) => journal.append(event)))
    expect(size()).toBeGreaterThan(9_000_000)
    reader.close()
    for (let round = 0; round < 10; round++) await Promise.all(events(500).map((event) => journal.append(event)))
    expect(size()).toBeLessThanOrEqual(8 * 1024 * 1024)
    await journal.close()
  })

  test('closes twice, and refuses events afterwards with a count', async () => {
    const journal = await open()
    await Promise.all([journal.close(), journal.close()])
    await journal.close()
    await expect(journal.append(eventOf({}))).rejects.toThrow('closed')
  })

  test('is for one process at a time', async () => {
    const first = await open()
    const second = await open().catch((error: Error) => error.message)
    expect(second).toContain(`the journal ${file} is in use by another screentrail process`)
    await first.close()
    await (await open()).close()
  })

  test.each([
    ['a folder that cannot be made', () => '/proc/nowhere/journal.db'],
    ['a file that is no database', () => join(folder, 'text.db')],
  ])('says what to do about %s', async (_, path) => {
    await writeFile(join(folder, 'text.db'), 'this is not a database, whatever its name says '.repeat(50))
    const failed = openJournal({ file: path(), durability: 'disk', onCommit: () => {} })
    await expect(failed).rejects.toThrow(new RegExp(`the journal ${path()} could not be opened: .*journal.file`))
  })
})
