import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOW, pageEvents, RULES } from '../../test/numbers-page.ts'
import { config } from '../config/schema.ts'
import { startThread } from '../lib/worker.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'
import { openQueryWorker, type QueryWorker } from './query-worker.ts'

let folder: string
let threads: Worker[]
let desk: QueryWorker
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-desk-'))
  threads = []
  const setup = {
    storeUri: `sqlite:${join(folder, 'trail.db')}`,
    config: config.parse({ meta: { keys: [{ file: 'key.pem' }] }, flows: {} }),
    flows: new Map(),
  }
  desk = openQueryWorker(setup, () => {
    const thread = startThread('query-worker/worker.ts')
    threads.push(thread)
    return thread
  })
})
afterEach(async () => {
  await desk.close()
  await rm(folder, { recursive: true })
})

const sessionsByDay = async () => {
  const path = '/flows/{flow}/trend'
  const { status, body } = await desk.answer({
    path,
    params: { flow: 'repair-booking' },
    search: '?from=2026-03-02&until=2026-03-03',
    tokens: [],
    caller: 'a test',
    now: NOW,
  })
  return [status, JSON.parse(body).days?.map((day: { sessions: number }) => day.sessions)]
}

test('answers from what others store meanwhile, and its thread starts with the first question', async () => {
  expect(threads.length).toBe(0)
  expect((await sessionsByDay())[0]).toBe(404)
  const store = await openSqliteStore(join(folder, 'trail.db'))
  await store.record(pageEvents(), { flows: {}, otherwise: RULES })
  await store.close()
  expect(await sessionsByDay()).toEqual([200, [10, 10]])
  expect(threads.length).toBe(1)
})

test('whose thread has died has another for the next question', async () => {
  await desk.refresh()
  const [first] = threads
  const dead = new Promise((resolve) => first?.addEventListener('close', resolve))
  first?.terminate()
  await dead
  expect(await desk.refresh()).toEqual({ isBehind: false })
  expect(threads.length).toBe(2)
})

test('has an answer for others while it goes through thousands of sessions for one', async () => {
  const store = await openSqliteStore(join(folder, 'trail.db'))
  const events = pageEvents(100)
  for (let at = 0; at < events.length; at += 2_000)
    await store.record(events.slice(at, at + 2_000), { flows: {}, otherwise: RULES })
  await store.close()
  while ((await desk.refresh()).isBehind);
  expect(await sessionsByDay()).toEqual([200, [1_000, 1_000]])
  let isThrough = false
  const long = desk
    .answer({
      path: '/flows/{flow}/funnel',
      params: { flow: 'repair-booking' },
      search: '?from=2026-03-02&until=2026-03-03&window=10m&steps=SERVICE,DATE',
      tokens: [],
      caller: 'a test',
      now: NOW,
    })
    .finally(() => {
      isThrough = true
    })
  // Sent together with the other, so that it has begun when this is there.
  await desk.refresh()
  await sessionsByDay()
  expect(isThrough).toBe(false)
  expect((await long).status).toBe(200)
})

test('is closed in the middle of an answer', async () => {
  await desk.refresh()
  const waiting = Array.from({ length: 50 }, () => sessionsByDay())
  const ended = Promise.allSettled(waiting)
  await desk.close()
  await ended
})

test('that is closed rejects', async () => {
  await desk.refresh()
  await desk.close()
  await desk.close()
  await expect(desk.refresh()).rejects.toThrow('the desk is closed')
})
