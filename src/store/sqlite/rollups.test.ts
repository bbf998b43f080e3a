// Rollups where a turn is too short for what there is to do.

import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, START } from '../../../test/arbitrary-events.ts'
import { HOUR, RULES } from '../../../test/store-contract/expected.ts'
import type { TrailEvent } from '../../trail/event.ts'
import { daysByHours, unmadeDays } from './rollup-days.ts'
import { SESSION_TABLES, TRAFFIC_TABLES } from './rollup-tables.ts'
import { type LocalStore, openLocalStore } from './synchronous-store.ts'

let folder: string
let store: LocalStore
/** To whom each look at the clock tells that the time is up. */
let now = 0
/** After so many looks at the clock one fails, and with it the turn that looked. */
let failsAfter = Number.POSITIVE_INFINITY
const late = () => {
  if (--failsAfter === 0) throw new Error('the turn is broken off')
  now += 1_000
  return now
}
beforeEach(() => {
  failsAfter = Number.POSITIVE_INFINITY
  folder = mkdtempSync(join(tmpdir(), 'screentrail-store-'))
  store = openLocalStore(join(folder, 'store.db'), late)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

/** So many that an hour with them is gone through in several turns. */
const MANY = 2_100
const MINUTES = 60

const record = (events: readonly TrailEvent[]) => store.record(JSON.stringify(events), RULES)
const crowd = (at: number) =>
  Array.from({ length: MANY }, (_, index) =>
    eventOf({ at: at + (index % 1_000), token: 'unused', requestBytes: index }),
  )
const requestsRolledUp = (from: number, until: number) => {
  const span = { from, until, label: '' }
  const [found] = JSON.parse(store.traffic({ flow: 'repair-booking', spans: [span], parts: ['spans'] }))
  const spans: { requests: number }[] = Object.values(found?.aggregate.requests ?? {})
  return spans.reduce((sum, { requests }) => sum + requests, 0)
}

test('more busy hours than are remembered at a time are all brought up to date', () => {
  const hours = 30
  for (let hour = 0; hour < hours; hour++) record(crowd(START + hour * HOUR))
  let turns = 1
  while (store.refresh().isBehind && turns <= 2 * hours * MINUTES) turns++
  expect(turns).toBeLessThan(2 * hours * MINUTES)
  expect(requestsRolledUp(START, START + hours * HOUR)).toBe(hours * MANY)
})

test('a busy hour that events come to all the time is brought up to date all the same', () => {
  record(crowd(START))
  for (let turn = 0; turn < 3 * MINUTES; turn++) {
    store.refresh()
    record([0, 1].map((minute) => eventOf({ at: START + minute * 60_000, token: '', requestBytes: turn })))
  }
  expect(requestsRolledUp(START, START + HOUR)).toBeGreaterThan(MANY)
})

test('a busy hour is brought up to date beside a process that writes all the time', () => {
  const other = openLocalStore(join(folder, 'store.db'))
  record(crowd(START))
  let turns = 1
  while (store.refresh().isBehind && turns <= 3 * MINUTES) {
    turns++
    other.audit({ at: turns, who: 'ada', what: 'login', detail: '' })
  }
  other.close()
  expect(turns).toBeLessThan(3 * MINUTES)
  expect(requestsRolledUp(START, START + HOUR)).toBe(MANY)
})

test('a busy hour that was broken off is begun anew when another process has all made anew', () => {
  record(crowd(START + 60_000))
  expect(store.refresh().isBehind).toBe(true)
  const db = new Database(join(folder, 'store.db'))
  db.run('DELETE FROM events WHERE at >= ?', [START + 60_100])
  const left = db.query<{ count: number }, []>('SELECT count(*) AS count FROM events').get()?.count as number
  db.close(true)
  const other = openLocalStore(join(folder, 'store.db'))
  other.rollAnew()
  other.close()
  while (store.refresh().isBehind);
  expect(requestsRolledUp(START, START + HOUR)).toBe(left)
})

test('of an hour with few events only the minutes that have changed are read again', () => {
  const refreshAll = () => {
    while (store.refresh().isBehind);
  }
  record([0, 1, 2].map((minute) => eventOf({ at: START + minute * 60_000, token: 'unused' })))
  refreshAll()
  // Whoever reads them again finds them gone.
  const db = new Database(join(folder, 'store.db'))
  db.run('DELETE FROM events')
  db.close(true)
  record([eventOf({ at: START + 60_000, token: 'unused', requestBytes: 1 })])
  refreshAll()
  expect(requestsRolledUp(START, START + HOUR)).toBe(3)
})

test('days are made although something is behind all the time', () => {
  record([eventOf({ at: START - 24 * HOUR, token: 'unused' })])
  const db = new Database(join(folder, 'store.db'), { readonly: true })
  const daysMade = () => db.query<{ count: number }, []>('SELECT count(*) AS count FROM traffic_days').get()?.count
  for (let turn = 0; turn < 200 && daysMade() === 0; turn++) {
    record(['one', 'two', 'three'].map((flow) => eventOf({ flow, at: START + turn, token: 'unused' })))
    expect(store.refresh().isBehind).toBe(true)
  }
  expect(daysMade()).toBe(1)
  db.close(true)
})

test('what a turn was about to write is written by the next one when it fails, wherever that is', () => {
  const db = new Database(join(folder, 'store.db'), { readonly: true })
  const made = (table: string) =>
    db.query<{ count: number }, []>(`SELECT count(*) AS count FROM ${table}`).get()?.count as number
  let hasFailed = true
  for (let looks = 1; hasFailed; looks++) {
    hasFailed = false
    const flow = `flow ${looks}`
    record([-97, -73, -49, -25, 0].map((hours) => eventOf({ flow, at: START + hours * HOUR, token: `${hours}` })))
    failsAfter = looks
    for (let isBehind = true; isBehind; )
      try {
        isBehind = store.refresh().isBehind
      } catch {
        hasFailed = true
      }
    // An hour on each of five days, of which the newest is not made.
    for (const [hours, days] of [
      ['rollups', 'rollup_days'],
      ['traffic', 'traffic_days'],
    ] as const)
      expect([made(hours), made(days)]).toEqual([5 * looks, 4 * looks])
  }
  expect(made('traffic')).toBeGreaterThan(50)
  db.close(true)
})

test.each([SESSION_TABLES, TRAFFIC_TABLES])(
  'what days there are is found without a look at the rows: $hours',
  (tables) => {
    const db = new Database(join(folder, 'store.db'), { readonly: true })
    for (const sql of [
      unmadeDays(tables),
      daysByHours(tables, 'WHERE flow = ? AND hour >= ? AND hour < ?'),
      daysByHours(tables, 'WHERE flow = ? AND hour >= ? AND hour < ? AND version = ?'),
    ]) {
      const plan = db.query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`).all()
      const looks = plan.filter(({ detail }) => new RegExp(`^(SCAN|SEARCH) (hours|${tables.hours}) `).test(detail))
      expect(looks).not.toBeEmpty()
      for (const { detail } of looks) expect(detail).toContain('USING COVERING INDEX')
    }
    db.close(true)
  },
)

test('where nothing can be written, a question is told what was there before, and the turn says why', () => {
  const ask = () => requestsRolledUp(START, START + HOUR)
  record([eventOf({ token: 'ada' })])
  expect(ask()).toBe(1)
  const db = new Database(join(folder, 'store.db'))
  db.run("CREATE TRIGGER full BEFORE INSERT ON traffic BEGIN SELECT RAISE(ABORT, 'no room'); END")
  record([eventOf({ token: 'grace' })])
  expect(ask()).toBe(1)
  expect(() => store.refresh()).toThrow('no room')
  db.run('DROP TRIGGER full')
  db.close(true)
  expect(ask()).toBe(2)
})

test('a kind that cannot be written does not keep the other from its turn', () => {
  const db = new Database(join(folder, 'store.db'))
  db.run("CREATE TRIGGER full BEFORE INSERT ON rollups BEGIN SELECT RAISE(ABORT, 'no room'); END")
  record([eventOf({ at: START })])
  expect(() => store.refresh()).toThrow('no room')
  expect(db.query('SELECT count(*) AS hours FROM traffic').get()).toEqual({ hours: 1 })
  expect(db.query('SELECT count(*) AS hours FROM rollups').get()).toEqual({ hours: 0 })
  db.close()
})
