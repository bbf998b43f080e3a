import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, START } from '../../../test/arbitrary-events.ts'
import { ALL_EVENTS, expectedAggregates } from '../../../test/store-contract/event-rollups.ts'
import { allEvents, answersOf, expectedAnswers, HOUR, RULES } from '../../../test/store-contract/expected.ts'
import { expectRecomputed } from '../../../test/store-contract/recompute.ts'
import { ALL, refreshAll } from '../../../test/store-contract/session-rollups.ts'
import { withRollups } from '../../../test/with-rollups.ts'
import { checkChain } from '../audit-chain.ts'
import type { Store } from '../store.ts'
import { MIGRATIONS } from './schema.ts'
import { openSqliteQueryStore, openSqliteStore } from './sqlite.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'screentrail-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const openWithRollups = async (file: string) => withRollups(await openSqliteQueryStore(file))

describe('the file of a sqlite store', () => {
  test('is made with its folder, which is nobody else’s to read', async () => {
    const store = await openSqliteStore(join(folder, 'data', 'deeper', 'store.db'))
    await store.close()
    expect(statSync(join(folder, 'data', 'deeper')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(folder, 'data', 'deeper'))).toEqual(['store.db'])
  })

  test('is counted in bytes, with what waits beside it', async () => {
    const store = await openSqliteStore(join(folder, 'store.db'))
    const { bytes: empty } = await store.totals(START, HOUR)
    await store.record(
      Array.from({ length: 500 }, (_, at) => eventOf({ at })),
      RULES,
    )
    expect((await store.totals(START, HOUR)).bytes).toBeGreaterThan(empty + 50_000)
    await store.close()
  })

  test.each([
    ['where its folder is a file', 'plain/store.db', /cannot make the folder .*plain.*; point store.uri/],
    ['where it is a folder', 'folder', /cannot write to .*folder .*let the user who runs Screentrail/],
    ['where it is no database', 'plain', /plain is not a SQLite database; point store.uri/],
    ['where it is the database of another program', 'other.db', /other.db is the database of another program; point/],
    ['where a newer Screentrail has been', 'newer.db', /newer.db was written by a newer .*layout 99.*; update/],
  ])('cannot be opened %s, and the reason says what to do', async (_, name, reason) => {
    writeFileSync(join(folder, 'plain'), 'no database at all, '.repeat(100))
    mkdirSync(join(folder, 'folder'))
    const other = new Database(join(folder, 'other.db'))
    other.run('CREATE TABLE theirs (a)')
    other.close(true)
    await (await openSqliteStore(join(folder, 'newer.db'))).close()
    const newer = new Database(join(folder, 'newer.db'))
    newer.run('PRAGMA user_version = 99')
    newer.close(true)

    await expect(openSqliteStore(join(folder, name))).rejects.toThrow(reason)
  })

  test.skipIf(process.getuid?.() === 0)('cannot be opened in a folder that may not be written to', async () => {
    mkdirSync(join(folder, 'theirs'))
    chmodSync(join(folder, 'theirs'), 0o500)
    await expect(openSqliteStore(join(folder, 'theirs', 'store.db'))).rejects.toThrow(/cannot write to .*let the user/)
  })

  test('can be open twice, as when something is exported beside the server', async () => {
    const [one, two] = await Promise.all(['store.db', 'store.db'].map((name) => openSqliteStore(join(folder, name))))
    const events = Array.from({ length: 40 }, (_, at) => eventOf({ at, screen: `SCREEN_${at % 7}` }))
    await Promise.all(events.map((event, index) => (index % 2 ? one : two)?.record([event], RULES)))
    for (const store of [one, two]) if (store) expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
    await Promise.all([one?.close(), two?.close()])
  })
})

describe('the audit log of a sqlite store', () => {
  const entryOf = (at: number) => ({ at, who: 'ada', what: 'login', detail: `no. ${at}` }) as const

  test('is one chain when it is open twice', async () => {
    const [one, two] = await Promise.all(['store.db', 'store.db'].map((name) => openSqliteStore(join(folder, name))))
    await Promise.all(Array.from({ length: 40 }, (_, at) => (at % 2 ? one : two)?.audit(entryOf(at))))
    for (const store of [one, two])
      expect(await checkChain(store as Store)).toEqual({ head: expect.objectContaining({ number: 40 }) })
    await Promise.all([one?.close(), two?.close()])
  })

  test('begins with the entries of a file from before there was a chain', async () => {
    const file = join(folder, 'older.db')
    const older = new Database(file)
    for (const step of MIGRATIONS.slice(0, 2)) step(older)
    older.run('PRAGMA application_id = 1398035020')
    older.run('PRAGMA user_version = 2')
    for (const at of [5, 3, 4])
      older.run("INSERT INTO audits (at, who, what, detail) VALUES (?, 'ada', 'login', ?)", [at, `no. ${at}`])
    older.close(true)

    const before = Date.now()
    const store = await openSqliteStore(file)
    expect(await store.audits(9)).toEqual([4, 3, 5].map(entryOf))
    await store.audit(entryOf(6))
    const { head, fault } = await checkChain(store)
    expect(fault).toBeUndefined()
    expect(head).toMatchObject({ number: 4, older: 3 })
    expect(head?.since).toBeGreaterThanOrEqual(before)
    await store.close()
  })
})

test('a busy hour that another process has written meanwhile is not taken for the cached one', async () => {
  const [one, two] = await Promise.all(['store.db', 'store.db'].map((name) => openWithRollups(join(folder, name))))
  if (!one || !two) throw new Error('two stores')
  const hour = Math.floor(START / HOUR) * HOUR
  const events = Array.from({ length: 2_503 }, (_, index) => eventOf({ token: `person ${index}`, at: hour + index }))
  const countIn = async (store: typeof one) => {
    while ((await store.refresh()).isStale);
    const asked = { flow: 'repair-booking', now: START, lostAfterMs: HOUR, detail: 'paths' } as const
    const [all] = await store.sessionStatistics({ ...asked, spans: [{ from: hour, until: hour + HOUR, label: '' }] })
    return all?.statistics.paths.reduce((sum, { completed, open, lost }) => sum + completed + open + lost, 0)
  }
  await one.record(events.slice(0, 2_500), RULES)
  expect(await countIn(one)).toBe(2_500)
  await one.record(events.slice(2_500, 2_501), RULES)
  expect(await countIn(two)).toBe(2_501)
  await one.record(
    events.slice(2_501, 2_502).map((event) => ({ ...event, at: hour + HOUR / 2 })),
    RULES,
  )
  expect(await countIn(one)).toBe(2_502)
  await two.record(events.slice(2_502), RULES)
  expect(await countIn(one)).toBe(2_503)
  await Promise.all([one.close(), two.close()])
})

test('a busy hour in the cache is recomputed, too, when another process asks for it', async () => {
  const file = join(folder, 'store.db')
  const [one, two] = [await openWithRollups(file), await openWithRollups(file)]
  await expectRecomputed([one, two], async (at) => {
    const db = new Database(file)
    db.run('DELETE FROM events WHERE at >= ?', [at])
    db.run('DELETE FROM sessions WHERE started_at >= ?', [at])
    db.close(true)
  })
  await Promise.all([one.close(), two.close()])
})

test('rollups that are wrong are right again after recomputeAll', async () => {
  const store = await openWithRollups(join(folder, 'store.db'))
  const events = Array.from({ length: 40 }, (_, day) => eventOf({ token: `t${day}`, at: START + day * 6 * HOUR }))
  await store.record(events, RULES)
  await refreshAll(store)
  const spans = [{ from: START - HOUR, until: START + 400 * HOUR, label: '' }]
  const [all, allTraffic] = [
    { ...ALL, spans },
    { ...ALL_EVENTS, spans },
  ]
  const right = await store.sessionStatistics(all)

  const other = new Database(join(folder, 'store.db'))
  other.run("UPDATE session_hours SET paths = '{}'")
  other.run("UPDATE session_days SET paths = '{}'")
  other.run("UPDATE event_hours SET requests = '{}'")
  other.run("UPDATE event_days SET requests = '{}'")
  other.close(true)
  expect(await store.sessionStatistics(all)).toEqual([])
  expect(await store.eventAggregates(allTraffic)).toEqual([])
  await store.recomputeAll()
  await refreshAll(store)
  expect(await store.sessionStatistics(all)).toEqual(right)
  expect(await store.eventAggregates(allTraffic)).toEqual(expectedAggregates(events, allTraffic))
  await store.close()
})

describe('a sqlite store in trouble', () => {
  /** Records batch after batch of ten events, and prints how many it has been told are safe. */
  const recorder = `
    import { writeSync } from 'node:fs'
    import { openSqliteStore } from ${JSON.stringify(import.meta.resolve('./sqlite.ts'))}
    import { RULES } from ${JSON.stringify(import.meta.resolve('../../../test/store-contract/expected.ts'))}
    import { eventOf } from ${JSON.stringify(import.meta.resolve('../../../test/arbitrary-events.ts'))}
    const store = await openSqliteStore(process.argv.at(-1))
    try {
      for (let count = 0; ; count += 10) {
        const events = Array.from({ length: 10 }, (_, index) =>
          eventOf({ at: count + index, token: 'token ' + index, screen: 'SCREEN_' + count, sequence: 'x'.repeat(500) }))
        await store.record(events, RULES)
        writeSync(1, count + 10 + '\\n')
      }
    } catch (error) {
      writeSync(1, error.message)
      process.exit(3)
    }`

  test('that is killed has kept all that it said was safe, and sessions that fit the events', async () => {
    const file = join(folder, 'store.db')
    const child = Bun.spawn([process.execPath, '-e', recorder, file], { stdout: 'pipe', stderr: 'inherit' })
    let printed = ''
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      printed += chunk
      if (printed.split('\n').length > 30) child.kill('SIGKILL')
    }
    const safe = Number(printed.trim().split('\n').at(-1))
    expect(safe).toBeGreaterThanOrEqual(300)
    await expectWhole(file, safe, safe + 10)
  })

  test('that runs out of disk rejects, and keeps nothing of the batch', async () => {
    const file = join(folder, 'store.db')
    // A process may be forbidden to write files beyond a size (in blocks of 512 bytes), which is how a full disk feels.
    const limited = 'trap "" XFSZ; ulimit -f 3000; exec "$0" "$@"'
    const child = Bun.spawn(['sh', '-c', limited, process.execPath, '-e', recorder, file], { stdout: 'pipe' })
    const lines = (await new Response(child.stdout).text()).split('\n')
    expect(await child.exited).toBe(3)
    expect(lines.pop()).toMatch(/disk|full/i)
    const safe = Number(lines.at(-1))
    expect(safe).toBeGreaterThan(100)
    await expectWhole(file, safe, safe)
  })

  async function expectWhole(file: string, least: number, most: number): Promise<void> {
    expect(existsSync(file)).toBe(true)
    const store = await openSqliteStore(file)
    const events = await allEvents(store)
    expect(events.length).toBeGreaterThanOrEqual(least)
    expect(events.length).toBeLessThanOrEqual(most)
    expect(events.map(({ at }) => at)).toEqual(events.map((_, index) => index))
    expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
    await store.close()
  }
})
