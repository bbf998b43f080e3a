import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { type Journal, openJournal } from '../journal/journal.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'
import { watchAppends } from './append-failures.ts'
import { createReadiness, type ReadinessCondition, readinessProblems } from './ready.ts'
import { healthRoutes } from './route.ts'

const WELL: ReadinessCondition = {
  isJournalReadable: true,
  appendFailure: undefined,
  isStoreReachable: true,
  oldestWaitingAt: undefined,
}
const ago = (seconds: number) => START - seconds * 1_000
const full = (at: number) => ({ appendFailure: { at, reason: 'the disk is full' } })

test.each<[string, Partial<ReadinessCondition>, string[]]>([
  ['all is well', {}, []],
  ['much has waited long for a store that answers', { oldestWaitingAt: ago(3_600) }, []],
  ['the store is away and nothing waits for it', { isStoreReachable: false }, []],
  ['the store went away 59 s ago', { isStoreReachable: false, oldestWaitingAt: ago(59) }, []],
  ['the store went away a minute ago', { isStoreReachable: false, oldestWaitingAt: ago(60) }, ['The store']],
  ['the last event was lost just now', full(START), ['The last event']],
  ['the last event was lost 59 s ago', full(ago(59)), ['The last event']],
  ['the last event was lost a minute ago, and none came since', full(ago(60)), []],
  ['the last event was lost 59 s ago by a clock that was set back since', full(ago(-59)), ['The last event']],
  ['the last event was lost before the clock was set back by an hour', full(ago(-3_600)), []],
  ['the journal is gone', { isJournalReadable: false }, ['The journal']],
  [
    'everything is broken',
    { isJournalReadable: false, ...full(START), isStoreReachable: false, oldestWaitingAt: ago(300) },
    ['The journal', 'The last event', 'The store'],
  ],
])('when %s, the problems are as listed', (_, condition, beginnings) => {
  const problems = readinessProblems({ ...WELL, ...condition }, START)
  expect(problems.length).toBe(beginnings.length)
  for (const [index, beginning] of beginnings.entries()) expect(problems[index]).toStartWith(beginning)
})

describe('GET /ready', () => {
  let folder: string
  let file: string
  let journal: Journal
  let store: Store
  let now: number
  let uptime: number
  beforeEach(async () => {
    now = START
    uptime = 5_000
    folder = await mkdtemp(join(tmpdir(), 'ready-'))
    file = join(folder, 'journal.db')
    journal = await openJournal({ file, durability: 'process', onCommit: () => {} })
    store = await openSqliteQueryStore(join(folder, 'store.db'))
  })
  afterEach(async () => {
    await journal.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  const start = () => {
    const clock = () => now
    const { append, failure } = watchAppends(journal.append, clock)
    const app = healthRoutes(
      createReadiness({ journal, store, appendFailure: failure, clock, stopwatch: () => uptime }),
    )
    const get = async (path: string) => {
      const response = await app.handle(new Request(`http://localhost${path}`))
      return { status: response.status, text: await response.text() }
    }
    return { append, get }
  }

  test('is 200 with a journal and a store that work', async () => {
    const { append, get } = start()
    await append(eventOf())
    expect(await get('/ready')).toEqual({ status: 200, text: 'ready\n' })
  })

  test('is 200 while an entry that the disk has garbled waits to be looked at', async () => {
    const { append, get } = start()
    await append(eventOf())
    const disk = new Database(file)
    disk.run("UPDATE entries SET body = '{'")
    disk.close()
    expect(await get('/ready')).toEqual({ status: 200, text: 'ready\n' })
  })

  test('is 503 while events cannot be written down, and 200 once one could', async () => {
    const { append, get } = start()
    const disk = new Database(file)
    disk.run("CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    await expect(append(eventOf())).rejects.toThrow('the disk is full')
    expect(await get('/ready')).toEqual({
      status: 503,
      text: 'The last event could not be journaled: the disk is full. Free some disk space or check the disk.\n',
    })
    disk.run('DROP TRIGGER full')
    disk.close()
    await append(eventOf())
    expect((await get('/ready')).status).toBe(200)
  })

  test('is 503 once events have waited a minute for a store that is gone', async () => {
    const { append, get } = start()
    await append(eventOf({ at: START }))
    await store.close()
    expect((await get('/ready')).status).toBe(200)
    now = START + 180_000
    expect(await get('/ready')).toMatchObject({
      status: 503,
      text: expect.stringContaining('for 3 min; check store.uri'),
    })
  })

  test('is 503 after a minute without the store also when the clock was set back by a day meanwhile', async () => {
    const { append, get } = start()
    await append(eventOf({ at: START }))
    await store.close()
    now = START - 86_400_000
    expect((await get('/ready')).status).toBe(200)
    uptime += 59_999
    expect((await get('/ready')).status).toBe(200)
    uptime += 1
    expect(await get('/ready')).toMatchObject({ status: 503, text: expect.stringContaining('for 1 min; check') })
  })

  test('is 503 when the journal is gone, and /up is 200 all the same', async () => {
    const { get } = start()
    await journal.close()
    expect(await get('/ready')).toMatchObject({ status: 503, text: expect.stringContaining('journal does not answer') })
    expect(await get('/up')).toEqual({ status: 200, text: 'up\n' })
  })
})
