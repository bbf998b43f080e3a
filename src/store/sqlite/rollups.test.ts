// Rollups where a turn is too short for what there is to do.

import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, START } from '../../../test/arbitrary-events.ts'
import { HOUR, RULES } from '../../../test/store-contract/expected.ts'
import { systemClock } from '../../lib/clock.ts'
import { yieldToEventLoop } from '../../lib/yield-to-event-loop.ts'
import { createRollups, type Rollups } from '../../rollup/rollups.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { QueryStore } from '../store.ts'
import { openSqliteQueryStore } from './sqlite.ts'

let folder: string
let file: string
let store: QueryStore
let rollups: Rollups
/** Each look at the clock says that the time is up. */
let now = 0
/** After this many looks at the clock one fails, and with it the turn that looked. */
let failsAfter = Number.POSITIVE_INFINITY
const late = () => {
  if (--failsAfter === 0) throw new Error('the turn is broken off')
  now += 1_000
  return now
}
const rollupsOf = (some: QueryStore) =>
  createRollups(some.rollups, { clock: systemClock, stopwatch: late, pause: yieldToEventLoop })
beforeEach(async () => {
  failsAfter = Number.POSITIVE_INFINITY
  folder = mkdtempSync(join(tmpdir(), 'screentrail-store-'))
  file = join(folder, 'store.db')
  store = await openSqliteQueryStore(file)
  rollups = rollupsOf(store)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** An hour with so many events takes several turns. */
const MANY = 2_100
const MINUTES = 60

const record = (events: readonly TrailEvent[]) => store.record(events, RULES)
const crowd = (at: number) =>
  Array.from({ length: MANY }, (_, index) =>
    eventOf({ at: at + (index % 1_000), token: 'unused', requestBytes: index }),
  )
const requestsRolledUp = async (from: number, until: number) => {
  const span = { from, until, label: '' }
  const [found] = await rollups.eventAggregates({ flow: 'repair-booking', spans: [span], parts: ['requests'] })
  return Object.values(found?.aggregate.requests ?? {}).reduce((sum, { requests }) => sum + requests, 0)
}
const isStale = async () => (await rollups.refresh()).isStale
const refreshAll = async () => {
  while (await isStale());
}
/** Changes the file behind the back of the store. */
const inFile = <T>(work: (db: Database) => T): T => {
  const db = new Database(file)
  try {
    return work(db)
  } finally {
    db.close(true)
  }
}
const countIn = (table: string) =>
  inFile((db) => db.query<{ count: number }, []>(`SELECT count(*) AS count FROM ${table}`).get()?.count)

test('more busy hours than the cache holds are all recomputed', async () => {
  const hours = 30
  for (let hour = 0; hour < hours; hour++) await record(crowd(START + hour * HOUR))
  let turns = 1
  while ((await isStale()) && turns <= 2 * hours * MINUTES) turns++
  expect(turns).toBeLessThan(2 * hours * MINUTES)
  expect(await requestsRolledUp(START, START + hours * HOUR)).toBe(hours * MANY)
})

test('a busy hour that gets events all the time is recomputed all the same', async () => {
  await record(crowd(START))
  for (let turn = 0; turn < 3 * MINUTES; turn++) {
    await rollups.refresh()
    await record([0, 1].map((minute) => eventOf({ at: START + minute * 60_000, token: '', requestBytes: turn })))
  }
  expect(await requestsRolledUp(START, START + HOUR)).toBeGreaterThan(MANY)
})

test('a busy hour is recomputed beside a process that writes all the time', async () => {
  const other = await openSqliteQueryStore(file)
  await record(crowd(START))
  let turns = 1
  while ((await isStale()) && turns <= 3 * MINUTES) {
    turns++
    await other.audit({ at: turns, who: 'ada', what: 'login', detail: '' })
  }
  await other.close()
  expect(turns).toBeLessThan(3 * MINUTES)
  expect(await requestsRolledUp(START, START + HOUR)).toBe(MANY)
})

test('a busy hour that was broken off begins again when another process has everything recomputed', async () => {
  await record(crowd(START + 60_000))
  expect(await isStale()).toBe(true)
  inFile((db) => db.run('DELETE FROM events WHERE at >= ?', [START + 60_100]))
  const left = countIn('events') as number
  const other = await openSqliteQueryStore(file)
  await createRollups(other.rollups).recomputeAll()
  await other.close()
  await refreshAll()
  expect(await requestsRolledUp(START, START + HOUR)).toBe(left)
})

test('of an hour with few events only the minutes that have changed are read again', async () => {
  await record([0, 1, 2].map((minute) => eventOf({ at: START + minute * 60_000, token: 'unused' })))
  await refreshAll()
  // Whoever reads them again finds them gone.
  inFile((db) => db.run('DELETE FROM events'))
  await record([eventOf({ at: START + 60_000, token: 'unused', requestBytes: 1 })])
  await refreshAll()
  expect(await requestsRolledUp(START, START + HOUR)).toBe(3)
})

test('days are written although some hour is stale all the time', async () => {
  await record([eventOf({ at: START - 24 * HOUR, token: 'unused' })])
  for (let turn = 0; turn < 200 && countIn('event_days') === 0; turn++) {
    await record(['one', 'two', 'three'].map((flow) => eventOf({ flow, at: START + turn, token: 'unused' })))
    expect(await isStale()).toBe(true)
  }
  expect(countIn('event_days')).toBe(1)
})

test('what a turn was about to write is written by the next one when it fails, wherever that is', async () => {
  let hasFailed = true
  // A turn looks at the clock hundreds of times, mostly for the same reason.
  for (let run = 1, looks = 1; hasFailed; run++, looks = Math.ceil(looks * 1.2)) {
    hasFailed = false
    const flow = `flow ${run}`
    await record([-97, -73, -49, -25, 0].map((hours) => eventOf({ flow, at: START + hours * HOUR, token: `${hours}` })))
    failsAfter = looks
    for (let stale = true; stale; )
      stale = await isStale().catch(() => {
        hasFailed = true
        return true
      })
    // An hour on each of five days, of which the newest is not written.
    for (const kind of ['session', 'event'])
      expect([countIn(`${kind}_hours`), countIn(`${kind}_days`)]).toEqual([5 * run, 4 * run])
  }
  expect(countIn('event_hours')).toBeGreaterThan(100)
})

test('where nothing can be written, a question is told what was there before, and the turn says why', async () => {
  const ask = () => requestsRolledUp(START, START + HOUR)
  await record([eventOf({ token: 'ada' })])
  expect(await ask()).toBe(1)
  inFile((db) => {
    for (const change of ['INSERT', 'UPDATE'])
      db.run(`CREATE TRIGGER full_${change} BEFORE ${change} ON event_hours BEGIN SELECT RAISE(ABORT, 'no room'); END`)
  })
  await record([eventOf({ token: 'grace' })])
  expect(await ask()).toBe(1)
  await expect(rollups.refresh()).rejects.toThrow('no room')
  inFile((db) => {
    for (const change of ['INSERT', 'UPDATE']) db.run(`DROP TRIGGER full_${change}`)
  })
  expect(await ask()).toBe(2)
})

test('a kind that cannot be written does not keep the other from its turn', async () => {
  inFile((db) => db.run("CREATE TRIGGER full BEFORE INSERT ON session_hours BEGIN SELECT RAISE(ABORT, 'no room'); END"))
  await record([eventOf({ at: START })])
  await expect(rollups.refresh()).rejects.toThrow('no room')
  expect([countIn('event_hours'), countIn('session_hours')]).toEqual([1, 0])
})

test('an hour that cannot be written does not keep the others from their turn', async () => {
  await record(Array.from({ length: 10 }, (_, hour) => eventOf({ at: START + hour * HOUR })))
  const hour = Math.floor(START / HOUR) + 3
  inFile((db) =>
    db.run(
      `CREATE TRIGGER full BEFORE INSERT ON event_hours WHEN NEW.hour = ${hour} BEGIN SELECT RAISE(ABORT, 'no'); END`,
    ),
  )
  for (let turn = 0; turn < 20; turn++) await rollups.refresh().catch(() => {})
  expect(countIn('event_hours')).toBe(9)
})
