// A journal that its disk damages while it is open: it goes on with what can be read, without a restart.

import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf } from '../../test/arbitrary-events.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../lib/log.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'
import { startDrain } from './drain.ts'
import { type Journal, openJournal } from './journal.ts'
import { isBalanced } from './ledger.ts'
import type { Recovery } from './recovery.ts'

describe('a journal that is damaged while it is open', () => {
  const rules = { flows: {}, otherwise: { gapMs: 1e9, repeatWindowMs: 0, funnel: [], choices: {} } }
  let folder: string
  let file: string
  let recoveries: Recovery[]
  let journal: Journal
  let store: Store
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'damage-'))
    file = join(folder, 'journal.db')
    recoveries = []
    journal = await openJournal({
      file,
      durability: 'process',
      onCommit() {},
      onRecovery: (recovery) => recoveries.push(recovery),
    })
    store = await openSqliteStore(join(folder, 'store.db'))
    await Promise.all(MANY.map((event) => journal.append(event)))
    emptyLog()
  })
  afterEach(async () => {
    await journal.close()
    await store.close()
    await rm(folder, { recursive: true })
  })

  /** So that the journal is read from its file, which is what gets damaged. */
  const emptyLog = () => {
    const outside = new Database(file)
    expect(outside.query('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 })
    outside.close()
  }

  /** About 4 MB, which is more than SQLite keeps in memory. */
  const MANY = Array.from({ length: 1_500 }, (_, index) =>
    eventOf({ at: index, token: `t${index}`, sequence: 'x'.repeat(2_000) }),
  )

  /** From outside, as a disk does it; each number is that of a page. */
  const damagePages = async (from: number, count: number) => {
    const change = ['dd', 'if=/dev/urandom', `of=${file}`, 'bs=4096', `seek=${from}`, `count=${count}`, 'conv=notrunc']
    expect(await Bun.spawn(change, { stderr: 'ignore' }).exited).toBe(0)
  }

  const drainAll = async () => {
    const drain = startDrain({ journal, store, rules, clock: () => 1, log: createLog('silent') })
    await drain.settled()
    await drain.stop()
  }

  test('hands on all that can be read, and goes on without a restart', async () => {
    await damagePages(300, 40)
    await drainAll()
    const [recovery] = recoveries as [Recovery]
    expect(recoveries).toHaveLength(1)
    expect(recovery.lost).toBeGreaterThan(0)
    expect(recovery.lost).toBeLessThan(100)
    const ledger = await journal.ledger()
    expect(isBalanced(ledger)).toBe(true)
    expect(ledger).toMatchObject({ received: 1_500, stored: 1_500 - recovery.lost, waiting: 0, dropped: recovery.lost })
    expect((await store.totals(1, 1)).events).toBe(ledger.stored)

    await journal.append(eventOf({ at: 9_000_000 }))
    await drainAll()
    expect(await journal.ledger()).toMatchObject({ received: 1_501, waiting: 0 })
  })

  test('takes the event that found the damage all the same', async () => {
    const outside = new Database(file, { readonly: true })
    const sql = "SELECT pageno FROM dbstat WHERE name = 'entries_by_owner' AND pagetype = 'leaf'"
    const pages = outside.query<{ pageno: number }, []>(sql).all()
    outside.close()
    for (const { pageno } of pages) await damagePages(pageno - 1, 1)
    const late = Array.from({ length: 50 }, (_, index) => eventOf({ at: 10_000 + index, token: `${index} late` }))
    await Promise.all(late.map((event) => journal.append(event)))
    expect(recoveries).toHaveLength(1)
    expect(await journal.ledger()).toMatchObject({ received: 1_550, waiting: 1_550, dropped: 0 })
    await drainAll()
    expect((await store.totals(1, 1)).events).toBe(1_550)
  })

  test('does not count as lost what the store was just taking, nor takes what is new for it', async () => {
    const batch = await journal.take(1_500)
    await damagePages(300, 40)
    const late = eventOf({ at: 9_000_000 })
    await until('the damage is found', async () => {
      await journal.take(1_500)
      return recoveries.length > 0
    })
    await journal.append(late)
    const events = batch.map(({ body }) => JSON.parse(body) as TrailEvent)
    const { stored, alreadyStored } = await store.record(events, rules)
    await journal.settle({ through: batch.at(-1)?.seq as number, stored, alreadyStored, refused: [] }, 1)
    const ledger = await journal.ledger()
    expect(isBalanced(ledger)).toBe(true)
    const waiting = (await journal.take(1_500)).map(({ body }) => (JSON.parse(body) as TrailEvent).id)
    expect(waiting).toContain(late.id)
    const unread = 1_500 - batch.length
    expect(ledger.dropped + ledger.waiting).toBe(unread + 1)
    expect(ledger.stored).toBe(batch.length)
  })

  test('and damaged again at once, is not replaced again and again: events are dropped and counted', async () => {
    await damagePages(300, 40)
    await drainAll()
    await Promise.all(MANY.slice(0, 1_000).map((event) => journal.append(event)))
    emptyLog()
    await damagePages(1, 400)
    const failed = await journal.take(1_500).catch((error: Error) => error.message)
    expect(failed).toContain(`the journal ${file} is damaged`)
    expect(recoveries).toHaveLength(1)
    expect(await journal.append(eventOf({ at: 9_000_000 })).catch(String)).toContain('is damaged')
  })
})
