// The drain: from the journal to the store.

import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf } from '../../test/arbitrary-events.ts'
import { filesIn } from '../../test/at-rest.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../lib/log.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'
import { startDrain } from './drain.ts'
import { type Journal, openJournal } from './journal.ts'
import { isBalanced } from './ledger.ts'

let folder: string
let file: string
const open = () => openJournal({ file, durability: 'disk', onCommit: () => {} })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'))
  file = join(folder, 'journal.db')
})
afterEach(() => jest.useRealTimers())
afterEach(() => rm(folder, { recursive: true, force: true }))

const events = (count: number) =>
  Array.from({ length: count }, (_, index) => eventOf({ at: 1_000 + index, token: `t${index % 3}` }))

describe('the drain', () => {
  const rules = { flows: {}, otherwise: { gapMs: 1e9, repeatWindowMs: 0, funnel: [], choices: {} } }
  const start = (journal: Journal, store: Pick<Store, 'record' | 'addIncidents' | 'keepSealed'>) =>
    startDrain({ journal, store, rules, clock: () => 1, log: createLog('silent') })

  test('moves everything to the store, and the ledger balances', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    await Promise.all(events(1_203).map((event) => journal.append(event)))
    const repeated = events(1)[0] as never
    await journal.append(repeated)
    const drain = start(journal, store)
    await drain.settled()
    const ledger = await journal.ledger()
    expect(ledger).toEqual({ received: 1_204, stored: 1_203, alreadyStored: 1, waiting: 0, quarantined: 0, dropped: 0 })
    expect((await store.totals(1, 1)).events).toBe(1_203)
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('hands over an event that waited as it is at its age', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    await Promise.all(events(3).map((event) => journal.append(event)))
    const aged = (event: TrailEvent) => ({ ...event, input: { note: 'aged' } })
    const drain = startDrain({ journal, store, rules, aged, clock: () => 1, log: createLog('silent') })
    await drain.settled()
    expect((await store.events({ limit: 9 })).items.map(({ input }) => input)).toEqual(
      events(3).map(() => ({ note: 'aged' })),
    )
    expect(await journal.ledger()).toMatchObject({ received: 3, stored: 3, waiting: 0 })
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('is in no file of the journal any more after a purge, which another reader holds up', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    const marked = events(700).map((event, index) => ({
      ...event,
      input: { note: `Marker ${index} ${'x'.repeat(900)}` },
    }))
    await Promise.all(marked.map((event) => journal.append(event)))
    const filesWith = async (text: string) =>
      (await filesIn(folder)).filter(([name, content]) => !/store\.db/.test(name) && content.includes(text))
    expect(await filesWith('Marker')).not.toEqual([])
    const reader = new Database(join(folder, 'journal.db'))
    reader.run('BEGIN')
    reader.query('SELECT count(*) FROM entries').get()
    const drain = start(journal, store)
    await drain.settled()
    expect(await journal.purge()).toBe(false)
    reader.close(true)
    expect(await journal.purge()).toBe(true)
    expect((await filesWith('Marker')).map(([name]) => name)).toEqual([])
    await journal.append(events(1)[0] as TrailEvent)
    await drain.settled()
    expect((await journal.ledger()).waiting).toBe(0)
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('waits out a store that is away, and loses nothing', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    await Promise.all(events(10).map((event) => journal.append(event)))
    let attempts = 0
    const flaky: Pick<Store, 'record' | 'addIncidents' | 'keepSealed'> = {
      addIncidents: store.addIncidents,
      keepSealed: store.keepSealed,
      record(batch, rulebook) {
        attempts++
        return attempts <= 3 ? Promise.reject(new Error('connection refused')) : store.record(batch, rulebook)
      },
    }
    const drain = start(journal, flaky)
    await until('the third attempt failed', () => attempts >= 3)
    expect((await journal.ledger()).waiting).toBe(10)
    await drain.settled()
    expect((await store.totals(1, 1)).events).toBe(10)
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('tries again at once when the store can be reached again', async () => {
    jest.useFakeTimers()
    const body = JSON.stringify(eventOf({}))
    const journal = { take: async () => [{ seq: 1, kind: 'event' as const, body }], settle: async () => {} }
    const isBackingOff = Promise.withResolvers<void>()
    const isRecorded = Promise.withResolvers<void>()
    let isReachable = false
    const record = async () => {
      if (!isReachable) throw new Error('connection refused')
      isRecorded.resolve()
      return { stored: 1, alreadyStored: 0, refused: [] }
    }
    const log = { info() {}, warn: () => isBackingOff.resolve() }
    const store = { record, addIncidents: async () => {}, keepSealed: async () => {} }
    const drain = startDrain({ journal, store, rules, clock: () => 1, log })
    await isBackingOff.promise
    isReachable = true
    drain.retry()
    await isRecorded.promise
    await drain.stop()
  })

  test('quarantines what the store refuses and moves the rest', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    const [a, b, c] = events(3)
    for (const event of [a, { ...b, id: 'not a hash' }, c]) await journal.append(event as never)
    const drain = start(journal, store)
    await drain.settled()
    expect(await journal.ledger()).toMatchObject({ stored: 2, quarantined: 1, waiting: 0 })
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('leaves out whom it is told to, also from the quarantine, and the ledger balances', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    const [a, b, c, d] = events(4)
    for (const event of [a, b, { ...c, at: 'noon' }, { ...d, at: 'noon' }]) await journal.append(event as never)
    const isErased = ({ token }: TrailEvent) => token === b?.token || token === c?.token
    const sift = async (some: readonly TrailEvent[]) => some.filter(({ token }) => token !== b?.token)
    const drain = startDrain({ journal, store, rules, sift, clock: () => 1, log: createLog('silent') })
    await drain.settled()
    await drain.batchEnded()
    expect(await journal.ledger()).toMatchObject({ stored: 2, quarantined: 2, waiting: 0 })
    expect((await store.events({ limit: 9 })).items).toEqual([a as TrailEvent])
    expect(await journal.eraseQuarantined(isErased)).toBe(1)
    expect(await journal.eraseQuarantined(isErased)).toBe(0)
    const ledger = await journal.ledger()
    expect(ledger).toMatchObject({ received: 4, stored: 3, quarantined: 1 })
    expect(isBalanced(ledger)).toBe(true)
    await drain.stop()
    await journal.close()
    await store.close()
    expect(
      (await filesIn(folder)).filter(([name, text]) => name.includes('journal') && text.includes(String(c?.id))),
    ).toEqual([])
  })

  test.each([
    ['event', 'no JSON at all', 'the entry is not JSON'],
    ['event', '{"at":1000', 'the entry is not JSON'],
    ['event', '[]', 'the entry is no event: its id is missing or damaged'],
    ['event', 'null', 'the entry is no event: its id is missing or damaged'],
    ['event', '{"hello":"world"}', 'the entry is no event: its id is missing or damaged'],
    ['event', JSON.stringify({ ...eventOf({}), at: 'noon' }), 'at is "noon"; expected a whole number'],
    ['incident', 'half of an inci', 'the entry is not JSON'],
    ['incident', '{"category":"malformed"}', 'the entry is no incident'],
  ])('puts an %s of which only %j is left in quarantine, and moves the rest', async (kind, body, reason) => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    for (const event of events(5)) {
      await journal.append(event)
      journal.note({ id: `incident ${event.at}`, at: event.at, category: 'malformed', flow: '', detail: '', count: 1 })
    }
    await journal.flush()
    const disk = new Database(file)
    disk.run('UPDATE entries SET body = ? WHERE kind = ? AND seq BETWEEN 3 AND 6', [body, kind])
    const drain = start(journal, store)
    await drain.settled()
    const ledger = await journal.ledger()
    expect(ledger).toMatchObject({ stored: kind === 'event' ? 3 : 5, quarantined: 2, waiting: 0, dropped: 0 })
    expect(isBalanced(ledger)).toBe(true)
    expect((await store.incidents({ limit: 10 })).items).toHaveLength(kind === 'event' ? 5 : 3)
    expect(disk.query('SELECT reason, body FROM quarantine').all()).toEqual([
      { reason, body },
      { reason, body },
    ])
    disk.close()
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('a damaged event holds up nothing, and what its session said is not kept in quarantine', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    const { at: _, ...damaged } = eventOf({ token: 'damaged' })
    const session = { flow: 'f', token: 't', at: 1, expiresAt: 1e12, sealed: 'c2VhbGVk' }
    await journal.append(damaged as TrailEvent, session)
    await journal.append(eventOf({ token: 'behind' }))
    const drain = start(journal, store)
    await drain.settled()
    expect((await store.events({ limit: 9 })).items.map(({ token }) => token)).toEqual(['behind'])
    expect(await journal.ledger()).toMatchObject({ stored: 1, quarantined: 1, waiting: 0 })
    const disk = new Database(file)
    expect(disk.query('SELECT body FROM quarantine').all()).toEqual([{ body: JSON.stringify(damaged) }])
    disk.close()
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('what a session said is found in the journal, then in the store, the newest of it', async () => {
    const store = await openSqliteQueryStore(join(folder, 'store.db'))
    const journal = await open()
    const sealedAt = (at: number, sealed: string) => ({ flow: 'f', token: 't', at, expiresAt: 1e12, sealed })
    const said = [eventOf({ flow: 'f', token: 't', at: 1 }), eventOf({ flow: 'f', token: 't', at: 2 })]
    await journal.append(said[0] as TrailEvent, sealedAt(1, 'first'))
    await journal.append(said[1] as TrailEvent, sealedAt(2, 'second'))
    await journal.append(eventOf({ flow: 'f', token: 't', at: 3, action: 'client_error', outcome: 'acknowledged' }))
    expect(await journal.sealedSession('f', 't')).toEqual(sealedAt(2, 'second'))
    expect(await journal.sealedSession('f', 'u')).toBeUndefined()
    expect(await journal.newestEventsOf('f', 't', 2)).toHaveLength(2)

    const drain = start(journal, store)
    await drain.settled()
    expect(await journal.sealedSession('f', 't')).toBeUndefined()
    expect(await store.sealedSession('f', 't', 0)).toEqual(sealedAt(2, 'second'))
    // It is no part of the event.
    expect(Object.keys((await store.eventsOf('f', 't'))[0] ?? {})).not.toContain('session')
    expect(await store.eventsOf('f', 't')).toContainEqual(said[0] as TrailEvent)
    await drain.stop()
    await journal.close()
    await store.close()
  })

  test('stops while the store is away, leaving the journal as it is', async () => {
    const journal = await open()
    await journal.append(eventOf({}))
    const away = {
      record: () => Promise.reject(new Error('away')),
      addIncidents: async () => {},
      keepSealed: async () => {},
    }
    const drain = start(journal, away)
    const waiting = drain.settled().catch((error: Error) => error.message)
    await drain.stop()
    expect(await waiting).toBe('the drain is stopped')
    expect((await journal.ledger()).waiting).toBe(1)
    await journal.close()
  })
})
