import { afterEach, beforeEach, expect, jest, test } from 'bun:test'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOW, pageEvents, RULES } from '../../test/numbers-page.ts'
import { olderStore } from '../../test/older-stores.ts'
import { config } from '../config/schema.ts'
import { startThread } from '../lib/worker.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'
import { openQueryWorker, type QueryWorker } from './query-worker.ts'

let folder: string
let threads: Worker[]
let worker: QueryWorker
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-query-worker-'))
  threads = []
  const setup = {
    storeUri: `sqlite:${join(folder, 'trail.db')}`,
    config: config.parse({ meta: { keys: [{ file: 'key.pem' }] }, flows: {} }),
    flows: new Map(),
  }
  worker = openQueryWorker(setup, () => {
    const thread = startThread('query-worker/worker.ts')
    threads.push(thread)
    return thread
  })
})
afterEach(async () => {
  await worker.close()
  await rm(folder, { recursive: true })
})

const DAYS = { flow: 'repair-booking', from: '2026-03-02', until: '2026-03-03' }

const sessionsByDay = async () => {
  const result = await worker.report('trend', DAYS, NOW)
  return result.ok ? result.report.days.map(({ sessions }) => sessions) : result.code
}

test('answers from what others store meanwhile, and its thread starts with the first question', async () => {
  expect(threads.length).toBe(0)
  expect(await sessionsByDay()).toBe('not_found')
  const store = await openSqliteStore(join(folder, 'trail.db'))
  await store.record(pageEvents(), { flows: {}, otherwise: RULES })
  await store.close()
  expect(await sessionsByDay()).toEqual([10, 10])
  expect(threads.length).toBe(1)
})

test('keeps no copy of a file of an older layout', async () => {
  await writeFile(join(folder, 'trail.db'), olderStore('layout-1.db'))
  await worker.refresh()
  await worker.close()
  expect(await readdir(folder)).toEqual(['trail.db'])
})

test('whose thread is slow to close is ended, and what it did stays done', async () => {
  await worker.refresh()
  jest.useFakeTimers()
  try {
    const closed = worker.close()
    jest.advanceTimersByTime(10_000)
    await closed
  } finally {
    jest.useRealTimers()
  }
})

test('whose thread has died has another for the next question', async () => {
  await worker.refresh()
  const [first] = threads
  const dead = new Promise((resolve) => first?.addEventListener('close', resolve))
  first?.terminate()
  await dead
  expect(await worker.refresh()).toEqual({ isStale: false })
  expect(threads.length).toBe(2)
})

test('has an answer for others while it goes through thousands of sessions for one', async () => {
  const store = await openSqliteStore(join(folder, 'trail.db'))
  const events = pageEvents(100)
  for (let at = 0; at < events.length; at += 2_000)
    await store.record(events.slice(at, at + 2_000), { flows: {}, otherwise: RULES })
  await store.close()
  while ((await worker.refresh()).isStale);
  expect(await sessionsByDay()).toEqual([1_000, 1_000])
  let isThrough = false
  const long = worker
    .report('funnel', { ...DAYS, windowMs: 600_000, steps: [['SERVICE'], ['DATE']] }, NOW)
    .finally(() => {
      isThrough = true
    })
  // Sent together with the other, so that it has begun when this is there.
  await worker.refresh()
  await sessionsByDay()
  expect(isThrough).toBe(false)
  expect((await long).ok).toBe(true)
})

test('is closed in the middle of an answer', async () => {
  await worker.refresh()
  const waiting = Array.from({ length: 16 }, () => sessionsByDay())
  const ended = Promise.allSettled(waiting)
  await worker.close()
  await ended
})

test('that is closed rejects', async () => {
  await worker.refresh()
  await worker.close()
  await worker.close()
  await expect(worker.refresh()).rejects.toThrow('the query worker is closed')
})
