import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type StoreWithRollups, withRollups } from '../../test/with-rollups.ts'
import { config } from '../config/schema.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import type { Incident } from '../trail/incident.ts'
import { contextOf } from './context.ts'
import { readRefusals } from './refusals.ts'

const NOW = 1_000_000

let folder: string
let store: StoreWithRollups
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-refusals-'))
  store = withRollups(await openSqliteQueryStore(join(folder, 'trail.db')))
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const read = (from: number) => {
  const configured = config.parse({ meta: { keys: [{ file: 'key.pem' }] }, flows: {} })
  const context = contextOf({ store, rollups: store, config: configured, flows: new Map() }, NOW)
  return readRefusals(context, 'booking', from)
}

/** One each at these instants. */
const at = (instants: readonly number[], more: Partial<Incident> = {}): Incident[] =>
  instants.map((instant) => ({
    id: `${instant} ${more.flow ?? ''}`,
    at: instant,
    category: 'malformed',
    flow: 'booking',
    detail: '',
    count: 1,
    ...more,
  }))

test('are those of the flow, and of the time, with what they stand for', async () => {
  await store.addIncidents(at([100, 200, 300]), 100)
  await store.addIncidents(at([301], { count: 70, category: 'decrypt_failed' }), 100)
  await store.addIncidents(at([302], { flow: 'other' }), 100)
  await store.addIncidents(at([303], { category: 'unknown_flow' }), 100)
  expect(await read(200)).toEqual({
    items: [
      { at: 301, category: 'decrypt_failed', count: 70 },
      { at: 300, category: 'malformed', count: 1 },
      { at: 200, category: 'malformed', count: 1 },
    ],
    since: 200,
  })
})

test('where there never were any, there are none', async () =>
  expect(await read(200)).toEqual({ items: [], since: 200 }))

test.each([
  [500, 1_600, 2_502],
  [1_601, 1_600, 2_502],
  [2_500, 1_600, 2_502],
  [2_501, 1_600, 2_502],
  [2_502, 1_600, 2_502],
  [4_000, 1_600, 4_000],
  [500, 5_000, 500],
])('asked for from %p on, with %p of 2,500 kept, they are all there from %p', async (from, kept, since) => {
  // From 1,601 to 4,100; with 1,600 of them kept, the oldest is of 2,501, and one that is gone could be of the same instant.
  await store.addIncidents(at(Array.from({ length: 2_500 }, (_, index) => 1_601 + index)), 10_000)
  await store.addIncidents([], kept)
  const refusals = await read(from)
  expect(refusals.items.length).toBe(Math.min(kept, 2_500, 4_101 - from))
  expect(refusals.since).toBe(since)
})

test('where none is kept of those that were, nothing is known until now', async () => {
  await store.addIncidents(at([100, 200]), 0)
  expect(await read(50)).toEqual({ items: [], since: NOW })
})
