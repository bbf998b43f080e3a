import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { copyFile, mkdtemp, open as openFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf } from '../../test/arbitrary-events.ts'
import { copyJournal, inspectJournal } from './copy.ts'
import { type Journal, openJournal } from './journal.ts'

let folder: string
let file: string
let journal: Journal
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-copy-'))
  file = join(folder, 'journal.db')
  journal = await openJournal({ file, durability: 'process', onCommit() {} })
})
afterEach(async () => {
  await journal.close()
  await rm(folder, { recursive: true })
})

const target = () => join(folder, 'copy.db')

const bodiesIn = async (copy: Journal) => (await copy.take(1_000)).map(({ seq, body }) => [seq, JSON.parse(body).at])

/** Five events, of which the store has two, one more is refused for its content, and two wait. */
async function fill(): Promise<void> {
  for (let at = 0; at < 5; at++) await journal.append(eventOf({ at }))
  const batch = await journal.take(3)
  const [, , third] = batch
  await journal.settle(
    { through: third?.seq ?? 0, stored: 2, alreadyStored: 0, refused: [{ seq: third?.seq ?? 0, reason: 'odd' }] },
    1,
  )
}

test('a copy of a journal in use is a journal with the same entries, refusals and counts', async () => {
  await fill()
  copyJournal(file, target())
  const ledger = { received: 5, stored: 2, alreadyStored: 0, waiting: 2, quarantined: 1, dropped: 0 }
  expect(inspectJournal(target())).toEqual(ledger)

  const copy = await openJournal({ file: target(), durability: 'process', onCommit() {} })
  expect(await copy.ledger()).toEqual(ledger)
  expect(await bodiesIn(copy)).toEqual(await bodiesIn(journal))
  await copy.close()

  // Whoever writes goes on.
  await journal.append(eventOf({ at: 9 }))
  expect((await journal.ledger()).waiting).toBe(3)
})

test('a copy has its tables where a damaged journal is read by a new one’s first page', async () => {
  await fill()
  copyJournal(file, target())
  const placesIn = (path: string) => {
    const db = new Database(path)
    const rows = db.query('SELECT name, rootpage FROM sqlite_schema ORDER BY name').all()
    db.close()
    return rows
  }
  expect(placesIn(target())).toEqual(placesIn(file))
})

test('where there is no journal yet, the copy is empty', () => {
  copyJournal(join(folder, 'none.db'), target())
  expect(inspectJournal(target())).toMatchObject({ received: 0, waiting: 0 })
})

test('a damaged log is left as it is, and the error says what saves it', async () => {
  await fill()
  const [killed, log] = [join(folder, 'killed.db'), join(folder, 'killed.db-wal')]
  for (const part of ['', '-wal', '-shm']) await copyFile(`${file}${part}`, `${killed}${part}`)
  const handle = await openFile(log, 'r+')
  const { size } = await handle.stat()
  await handle.write(Buffer.alloc(64, 0xa5), 0, 64, size - 200)
  await handle.close()
  const before = await Bun.file(log).bytes()
  expect(() => copyJournal(killed, target())).toThrow(
    /killed\.db is damaged: .+ of its -wal .+ `screentrail serve` saves/,
  )
  expect(await Bun.file(log).bytes()).toEqual(before)
})

test('a copy that is damaged is not taken for one', async () => {
  await fill()
  copyJournal(file, target())
  const handle = await openFile(target(), 'r+')
  await handle.write(Buffer.alloc(4_096, 0xa5), 0, 4_096, 4_096)
  await handle.close()
  expect(() => inspectJournal(target())).toThrow(/copy\.db/)
})
