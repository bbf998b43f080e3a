// A journal that its disk has damaged: what can be read is kept, what cannot is counted, the damaged file stays.

import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf } from '../../test/arbitrary-events.ts'
import { type Journal, openJournal } from './journal.ts'
import { isBalanced } from './ledger.ts'
import { describeRecovery, type Recovery, setAside } from './recovery.ts'

/** 1,200 came, 195 are stored, 5 are in quarantine, 1,000 wait; the last 300 of them only in the -wal, which is 77 pages. */
const EVENTS = Array.from({ length: 1_200 }, (_, index) => eventOf({ at: 1_000 + index, token: `t${index}` }))
const WAITING = EVENTS.slice(200).map((event) => event.id)

let folder: string
let file: string
let recoveries: Recovery[]
const open = () =>
  openJournal({ file, durability: 'disk', onCommit() {}, onRecovery: (recovery) => recoveries.push(recovery) })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'damage-'))
  file = join(folder, 'open/journal.db')
  const journal = await open()
  await append(journal, EVENTS.slice(0, 900))
  const refused = [1, 2, 3, 4, 5].map((seq) => ({ seq, reason: 'at is not a number' }))
  await journal.settle({ through: 200, stored: 195, alreadyStored: 0, refused }, 1)
  const outside = new Database(file)
  outside.run('PRAGMA wal_checkpoint(TRUNCATE)')
  outside.close()
  await append(journal, EVENTS.slice(900))
  // By a process of its own: one that has a database open loses its locks when it closes a file of it.
  await Bun.spawn(['cp', '-r', join(folder, 'open'), join(folder, 'killed')]).exited
  await journal.close()
  await cp(join(folder, 'open'), join(folder, 'closed'), { recursive: true })
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(() => {
  recoveries = []
})

/** A journal as it was after it was closed, or after its process was killed. */
async function take(image: 'closed' | 'killed'): Promise<void> {
  const path = join(folder, 'case')
  await rm(path, { recursive: true, force: true })
  await cp(join(folder, image), path, { recursive: true })
  file = join(path, 'journal.db')
}

async function append(journal: Journal, events: typeof EVENTS): Promise<void> {
  for (let at = 0; at < events.length; at += 50)
    await Promise.all(events.slice(at, at + 50).map((event) => journal.append(event)))
}

async function waitingIn(journal: Journal): Promise<string[]> {
  const entries = await journal.take(5_000)
  return entries.map(({ body }) => (JSON.parse(body) as { id: string }).id)
}

const PAGE = 4_096
const shorten = (part: string, share: number) => () =>
  truncateSync(`${file}${part}`, Math.floor(statSync(`${file}${part}`).size * share))
const overwrite = (part: string, from: number | 'middle', length: number) => () => {
  const bytes = readFileSync(`${file}${part}`)
  const at = from === 'middle' ? Math.floor(bytes.length / 2 / PAGE) * PAGE : from
  writeFileSync(`${file}${part}`, bytes.fill(0xa5, at, at + length))
}
const change = (sql: string) => () => {
  const db = new Database(file)
  db.run(sql)
  db.close()
}
const text = () => writeFileSync(file, 'It was a dark and stormy night. '.repeat(2_000))

type Case = {
  readonly name: string
  readonly image: 'closed' | 'killed'
  readonly damage: () => void
  readonly found: RegExp
  /** How many of the 1,000 that wait are saved at the least. */
  readonly least: number
  /** Whether its ledger, or the end of its records, is gone as well. */
  readonly isUncertain?: true
}

const CASES: Case[] = [
  { name: 'emptied', image: 'closed', damage: shorten('', 0), found: /empty/, least: 0, isUncertain: true },
  { name: 'emptied under its -wal', image: 'killed', damage: shorten('', 0), found: /empty/, least: 300 },
  { name: 'cut in half', image: 'closed', damage: shorten('', 0.5), found: /malformed/, least: 450 },
  { name: 'cut in half under its -wal', image: 'killed', damage: shorten('', 0.5), found: /page/, least: 500 },
  {
    name: 'cut down to one page',
    image: 'closed',
    damage: () => truncateSync(file, PAGE),
    found: /malformed/,
    least: 0,
    isUncertain: true,
  },
  {
    name: 'with a page overwritten',
    image: 'closed',
    damage: overwrite('', 'middle', PAGE),
    found: /page/,
    least: 980,
  },
  {
    name: 'with ten pages gone',
    image: 'closed',
    damage: overwrite('', 'middle', 10 * PAGE),
    found: /page/,
    least: 880,
  },
  { name: 'without its header', image: 'closed', damage: overwrite('', 0, 100), found: /not a database/, least: 1_000 },
  { name: 'without its first page', image: 'closed', damage: overwrite('', 0, PAGE), found: /not a/, least: 1_000 },
  {
    name: 'with a damaged index',
    image: 'closed',
    damage: overwrite('', 2 * PAGE, PAGE),
    found: /page 3/,
    least: 1_000,
  },
  {
    name: 'with its ledger overwritten',
    image: 'closed',
    damage: overwrite('', 4 * PAGE, PAGE),
    found: /page 5/,
    least: 1_000,
    isUncertain: true,
  },
  {
    name: 'with an empty ledger',
    image: 'closed',
    damage: change('DELETE FROM ledger'),
    found: /ledger is empty/,
    least: 1_000,
    isUncertain: true,
  },
  {
    name: 'without its ledger',
    image: 'closed',
    damage: change('DROP TABLE ledger'),
    found: /no table ledger/,
    least: 1_000,
    isUncertain: true,
  },
  { name: 'that became a text', image: 'closed', damage: text, found: /not a database/, least: 0, isUncertain: true },
  { name: 'that became a text under its -wal', image: 'killed', damage: text, found: /page/, least: 300 },
  { name: 'removed without its -wal', image: 'killed', damage: () => rmSync(file), found: /is gone/, least: 300 },
  {
    name: 'without its -wal',
    image: 'killed',
    damage: () => rmSync(`${file}-wal`),
    found: /^77 pages of its -wal are/,
    least: 700,
    isUncertain: true,
  },
  {
    name: 'with half its -wal',
    image: 'killed',
    damage: shorten('-wal', 0.5),
    found: /pages of its -wal/,
    least: 840,
    isUncertain: true,
  },
  { name: 'with a headless -wal', image: 'killed', damage: overwrite('-wal', 0, 32), found: /^77 pages/, least: 1_000 },
  {
    name: 'with a -wal damaged in one place',
    image: 'killed',
    damage: overwrite('-wal', 'middle', 100),
    found: /pages of its -wal/,
    least: 980,
  },
  {
    name: 'with a -wal damaged in many places',
    image: 'killed',
    damage: overwrite('-wal', 'middle', 20 * PAGE),
    found: /pages of its -wal/,
    least: 900,
  },
]

describe('a journal', () => {
  test.each(CASES)(
    '$name is set aside, what can be read goes on',
    async ({ image, damage, found, least, isUncertain }) => {
      await take(image)
      damage()
      const before = await bytesOf(file)
      const journal = await open()

      const [recovery] = recoveries as [Recovery]
      expect(recoveries).toHaveLength(1)
      expect(recovery.reason).toMatch(found)
      expect(recovery.damaged).toStartWith(`${file}.damaged-`)
      expect(await bytesOf(recovery.damaged)).toEqual(before)
      expect(describeRecovery(recovery)).toContain(
        `the journal ${file} was damaged (${recovery.reason}): ${recovery.saved} entr`,
      )

      const ids = await waitingIn(journal)
      expect(ids.length).toBeGreaterThanOrEqual(least)
      expect(WAITING.filter((id) => ids.includes(id))).toEqual(ids)
      const ledger = await journal.ledger()
      expect(isBalanced(ledger)).toBe(true)
      expect(ledger).toMatchObject({ waiting: ids.length, dropped: recovery.lost })
      expect(recovery.saved).toBe(ledger.waiting + ledger.quarantined)
      expect(recovery.mayHaveLostMore).toBe(isUncertain === true)
      if (!isUncertain) expect(ledger).toMatchObject({ received: 1_200, stored: 195 })

      await journal.append(eventOf({ at: 5_000 }))
      await journal.close()
      const again = await open()
      expect((await waitingIn(again)).length).toBe(ids.length + 1)
      expect(recoveries).toHaveLength(1)
      await again.close()
    },
  )

  test.each([['closed'], ['killed']] as const)('that was %s in good order is taken for whole', async (image) => {
    await take(image)
    const journal = await open()
    expect(recoveries).toEqual([])
    expect(await waitingIn(journal)).toEqual(WAITING)
    await journal.close()
  })
})

describe('a recovery that was cut short', () => {
  /** What is there when the new file is whole, just before the damaged one is renamed, or `renamed` parts later. */
  const cutShort = async (renamed: readonly string[]) => {
    await take('killed')
    await (await open()).close()
    const whole = `${file}.rescue`
    await cp(file, join(folder, 'whole'))
    await take('killed')
    overwrite('', 'middle', PAGE)()
    await cp(join(folder, 'whole'), whole)
    for (const part of renamed) await rename(`${file}${part}`, `${file}.damaged-20260302T090000Z${part}`)
  }

  test.each([
    ['before anything was renamed', [], 1],
    ['after the damaged file was renamed', [''], 0],
    ['after its -wal was renamed as well', ['', '-wal', '-shm'], 0],
  ] as const)('%s is brought to its end', async (_, renamed, again) => {
    await cutShort(renamed)
    const journal = await open()
    expect(recoveries).toHaveLength(again)
    const ids = await waitingIn(journal)
    expect(ids.length).toBeGreaterThanOrEqual(again ? 980 : 1_000)
    expect(isBalanced(await journal.ledger())).toBe(true)
    await journal.append(eventOf({ at: 5_000 }))
    await journal.close()
    expect((await readdir(join(folder, 'case'))).filter((name) => /rescue|view/.test(name))).toEqual([])
    const [damaged = ''] = setAside(file)
    expect(existsSync(`${damaged}-wal`)).toBe(true)
    expect(existsSync(`${file}-wal`)).toBe(false)
  })
})

/** The database and its log, as far as they are there. A missing and an empty one are the same to SQLite. */
async function bytesOf(path: string): Promise<string[]> {
  return ['', '-wal'].map((part) =>
    (existsSync(`${path}${part}`) ? Bun.hash(readFileSync(`${path}${part}`)) : Bun.hash('')).toString(16),
  )
}
