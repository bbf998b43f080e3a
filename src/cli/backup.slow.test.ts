// `backup`, `restore` and `drill` as people run them, on each store: beside a running server, and in another place afterwards.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ledgerOf } from '../../test/kill-loop.ts'
import { clientOf, configWith, type Folder, makeFolder } from '../../test/kit.ts'
import { run, type Served, serve, start } from '../../test/process.ts'
import { ANY, everyPage } from '../../test/store-contract/expected.ts'
import { dropStore, stores } from '../../test/stores.ts'
import { until } from '../../test/until.ts'
import { comparable, sessionsFrom, stepsOf, WALK } from '../../test/walk.ts'
import { lastDrill } from '../backup/drill.ts'
import { backupsIn, findBackup } from '../backup/folder.ts'
import { isBalanced } from '../journal/ledger.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'

setDefaultTimeout(240_000)

describe.each(stores)('on %s', (name, uri) => {
  const makeOwnFolder = () => makeFolder(configWith(WALK, `store: { uri: "${uri()}" }`))
  // With the same keys, as they are kept apart from the backups.
  const makeElsewhere = async () => {
    const made = await makeOwnFolder()
    await cp(join(folder.path, 'keys'), join(made.path, 'keys'), { recursive: true })
    return made
  }
  const removeFolder = async (each: Folder) => {
    await dropStore((await each.load()).config.store.uri)
    await each.remove()
  }

  let folder: Folder
  let elsewhere: Folder
  let served: Served | undefined
  afterEach(async () => {
    await served?.kill()
    served = undefined
  })

  const startServer = async (at = folder) => {
    served = await serve(at)
    return served
  }

  /** Walks so many people through the flow; returns their tokens. */
  const comePeople = async (count: number, prefix: string, { port } = served as Served) => {
    const client = clientOf(fetch, folder, `http://localhost:${port}`)
    const tokens = Array.from({ length: count }, (_, index) => `${prefix} ${index}`)
    const walk = async (token: string) => {
      for (const { request, screen } of stepsOf(token)) {
        const { status, reply } = await client.send('walk', request)
        expect({ status, screen: reply?.screen }).toEqual({ status: 200, screen })
      }
    }
    await Promise.all(tokens.map(walk))
    return tokens
  }

  const hasDrained = async () => {
    const metrics = await fetch(`http://localhost:${served?.port}/metrics`)
    return /^screentrail_events_waiting 0$/m.test(await metrics.text())
  }

  const inStore = async <T>(at: Folder, read: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openStore((await at.load()).config.store.uri, createLog('silent'))
    try {
      return await read(store)
    } finally {
      await store.close()
    }
  }

  const eventsIn = (at: Folder): Promise<readonly TrailEvent[]> =>
    inStore(at, (store) => everyPage(1_000, (page) => store.events(page)))

  const backup = async (...args: readonly string[]) => {
    const made = await run(['backup', ...args], folder.path)
    expect([made.stderr, made.code]).toEqual(['', 0])
    return made.stdout
  }
  const backups = (at = folder) => backupsIn(join(at.path, 'data/backups'))
  const newest = () => join(folder.path, 'data/backups', backups().at(-1) ?? 'none')

  const expectWhole = async (at: Folder) => {
    const events = await eventsIn(at)
    const sessions = await inStore(at, (store) => everyPage(1_000, (page) => store.sessions({ ...ANY, ...page })))
    expect(comparable(sessions)).toEqual(comparable(sessionsFrom(events, await at.load())))
    const ids = events.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(isBalanced(await ledgerOf(at))).toBe(true)
    return { events, sessions }
  }

  describe('of a server of its own', () => {
    beforeEach(async () => {
      folder = await makeOwnFolder()
      elsewhere = await makeElsewhere()
    })
    afterEach(async () => {
      for (const each of [folder, elsewhere]) await removeFolder(each)
    })

    test('a backup under load has everybody who was answered before it, and comes back elsewhere', async () => {
      await startServer()
      const tokens = await comePeople(10, 'before')
      let isOver = false
      const load = (async () => {
        for (let round = 0; !isOver; round++) {
          await comePeople(1, `during ${round}`)
          // All the time, and not faster than the store takes it.
          await until('the store has them', hasDrained, 120_000)
        }
      })()
      const printed = await backup()
      isOver = true
      await load
      await served?.stop()

      expect(printed).toMatch(
        /data\/backups\/\S+Z: [\d,]+ events in [\d,]+ sessions, \d+ events? waiting in the journal, .+, verified, in /,
      )
      expect(printed).toContain(
        `  ${folder.config}\n  ${join(folder.path, 'keys/flow-private.pem')}\n  ${join(folder.path, 'keys/pseudonym.key')}\n`,
      )
      const { manifest } = findBackup(newest(), '')
      expect(readdirSync(newest()).sort()).toEqual([...manifest.files.map((file) => file.name), 'manifest.json'].sort())
      expect(manifest.numbers?.map(({ flow }) => flow)).toEqual(['walk'])

      const drilled = await run(['drill'], folder.path)
      expect([drilled.stderr, drilled.code]).toEqual(['', 0])
      expect(drilled.stdout).toMatch(
        /^\S+Z, restored in .+: .+ waiting in the journal, as it says; the reports say the same\n$/,
      )
      expect(readdirSync(join(folder.path, 'data/backups')).sort()).toEqual(['.lock', ...backups()])
      const kept = await inStore(folder, (store) => lastDrill(store, Date.now()))
      expect(kept).toEqual({ at: expect.any(Number), backup: backups()[0] as string, differences: [] })

      const restored = await run(['restore', newest()], elsewhere.path)
      expect([restored.stderr, restored.code]).toEqual(['', 0])
      expect(restored.stdout).toMatch(/^Restored \S+Z: .+\nNext: `screentrail doctor`/)
      const doctor = await run(['doctor', '--port', '1'], elsewhere.path)
      expect([doctor.code, doctor.stdout]).toEqual([0, expect.stringContaining('0 problems')])

      // What waited in the journal goes on to the store, and events that are in both copies are recorded once.
      await startServer(elsewhere)
      expect(await served?.stop()).toBe(0)
      const { events } = await expectWhole(elsewhere)
      const found = new Set(events.map(({ token }) => token))
      expect(tokens.filter((token) => !found.has(token))).toEqual([])
      expect(events.filter(({ token }) => token.startsWith('before'))).toHaveLength(tokens.length * stepsOf('').length)
    })

    test('a server that is restored goes on as it was', async () => {
      await startServer()
      await comePeople(3, 'before')
      expect(await served?.stop()).toBe(0)
      await backup()
      const before = await expectWhole(folder)
      await startServer()
      await comePeople(3, 'after')

      const running = await run(['restore', newest(), '--replace'], folder.path)
      expect([running.stdout, running.code]).toEqual(['', 1])
      expect(running.stderr).toMatch(
        /^screentrail: a server has .+journal\.db open; stop it first, because a restore takes/,
      )

      // Killed, so that its logs are still beside its files.
      await served?.kill()
      const refused = await run(['restore', newest()], folder.path)
      expect([refused.stdout, refused.code]).toEqual(['', 1])
      expect(refused.stderr).toMatch(/^screentrail: there is .+ already; with --replace the backup takes its place/)

      if (name === 'mongodb') {
        const full = await run(['restore', newest(), '--replace'], folder.path)
        expect([full.stdout, full.code]).toEqual(['', 1])
        expect(full.stderr).toMatch(
          /^screentrail: the MongoDB database \S+ has data, and a restore needs an empty one; name another/,
        )
        await dropStore((await folder.load()).config.store.uri)
      }
      const restored = await run(['restore', newest(), '--replace'], folder.path)
      expect([restored.stderr, restored.code]).toEqual(['', 0])
      expect(restored.stdout).toMatch(/What was there is kept; remove it when all is well:\n {2}\S+\.before-\S+Z/)
      expect(await expectWhole(folder)).toEqual(before)

      await startServer()
      await comePeople(3, 'later')
      expect(await served?.stop()).toBe(0)
      const { events } = await expectWhole(folder)
      expect(new Set(events.map(({ token }) => token.split(' ')[0]))).toEqual(new Set(['before', 'later']))
    })

    // Which of the folders stay has nothing to do with the store.
    test.skipIf(name !== 'sqlite')('the newest of backup.keep stay, and elsewhere all of them', async () => {
      await appendFile(folder.config, '\nbackup: { keep: 2 }\n')
      await startServer()
      await comePeople(1, 'a')
      await backup()
      const [first = ''] = backups()
      await backup()
      const printed = await backup()
      expect(backups()).toHaveLength(2)
      expect(printed).toContain(`Removed, as backup.keep says: ${first}\n`)
      const other = join(folder.path, 'other')
      await cp(join(folder.path, 'data/backups'), other, { recursive: true })
      await backup(other)
      expect(backupsIn(other)).toHaveLength(3)
    })
  })

  describe('of one backup of two people', () => {
    let whole: string
    beforeAll(async () => {
      folder = await makeOwnFolder()
      await startServer()
      await comePeople(2, 'a')
      expect(await served?.stop()).toBe(0)
      await backup()
      whole = join(folder.path, 'whole')
      await cp(newest(), whole, { recursive: true })
    })
    afterAll(() => removeFolder(folder))
    beforeEach(async () => {
      elsewhere = await makeElsewhere()
    })
    afterEach(async () => {
      await removeFolder(elsewhere)
      await cp(whole, newest(), { recursive: true })
    })

    test('what is damaged, incomplete, newer or of another store is not restored, and nothing is touched', async () => {
      const copy = join(folder.path, 'copy')
      const restoreChanged = async (change: () => Promise<unknown>) => {
        await rm(copy, { recursive: true, force: true })
        await cp(newest(), copy, { recursive: true })
        await change()
        const { stdout, stderr, code } = await run(['restore', copy], elsewhere.path)
        expect([stdout, code]).toEqual(['', 1])
        expect(readdirSync(join(elsewhere.path, 'data'))).toEqual([])
        return stderr
      }
      const changeManifest = async (change: object) => {
        const file = join(copy, 'manifest.json')
        await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }))
      }
      const [file = ''] = readdirSync(copy.replace(/copy$/, `data/backups/${backups()[0]}`)).filter((each) =>
        /^(store|events)/.test(each),
      )
      expect(await restoreChanged(() => appendFile(join(copy, file), 'x'))).toContain(
        `${file} is not as the backup was made`,
      )
      expect(await restoreChanged(() => rm(join(copy, file)))).toContain(`${file} is missing; restore another backup`)
      expect(await restoreChanged(() => rm(join(copy, 'manifest.json')))).toContain('copy is no backup; ')
      expect(await restoreChanged(() => changeManifest({ layout: 99 }))).toContain('is of a newer Screentrail')
      const other = name === 'sqlite' ? 'mongodb' : 'sqlite'
      expect(await restoreChanged(() => changeManifest({ store: other, layout: 1 }))).toMatch(
        /is of a store in \w+, and store\.uri names one in/,
      )

      if (name === 'mongodb') {
        const mongo = await readFile(folder.config, 'utf8')
        await writeFile(folder.config, mongo.replace(/uri: "[^"]*"/, 'uri: "sqlite:data/other.db"'))
        await (await openStore(`sqlite:${join(folder.path, 'data/other.db')}`, createLog('silent'))).close()
        expect((await run(['drill'], folder.path)).stderr).toContain(
          'is of a store in MongoDB, and store.uri names one in SQLite',
        )
        await writeFile(folder.config, mongo)
      }
      // The drill is what finds the damage before it matters.
      await appendFile(join(newest(), file), 'x')
      const drilled = await run(['drill'], folder.path)
      expect([drilled.stdout, drilled.code]).toEqual(['', 1])
      expect(drilled.stderr).toContain(`${file} is not as the backup was made`)
    })

    test('a drill says what is not as it was', async () => {
      const file = join(newest(), 'manifest.json')
      const manifest = JSON.parse(await readFile(file, 'utf8'))
      const more = { sessions: 5, completed: 5 }
      await writeFile(
        file,
        JSON.stringify({
          ...manifest,
          counts: { ...manifest.counts, sessions: manifest.counts.sessions },
          numbers: [{ flow: 'walk', atLeast: more, atMost: more }],
        }),
      )
      const { stdout, code } = await run(['drill'], folder.path)
      expect(code).toBe(1)
      expect(stdout).toMatch(/: not as it was: walk has 2 sessions, and had 5; walk has 2 completed, and had 5\n$/)
      expect((await inStore(folder, (store) => lastDrill(store, Date.now())))?.differences).toHaveLength(2)
    })

    test('a restore that was cut short keeps the server from starting, until it is completed', async () => {
      const before = await expectWhole(folder)
      const journal = join(elsewhere.path, 'data/journal.db')
      if (name === 'mongodb') {
        const killed = start(['restore', newest()], elsewhere.path)
        await until('the documents are being written', () => existsSync(`${journal}.restore`))
        killed.signal('SIGKILL')
        await killed.ended
      } else {
        expect((await run(['restore', newest()], elsewhere.path)).code).toBe(0)
        const { uri } = (await elsewhere.load()).config.store
        // As if it had ended right before the journal was renamed.
        await rename(journal, `${journal}.restoring`)
        const note = { backup: backups()[0], store: uri.replace('sqlite:', ''), at: backups()[0] }
        await writeFile(`${journal}.restore`, JSON.stringify(note))
      }

      await expect(serve(elsewhere)).rejects.toThrow(`a restore of the backup ${backups()[0]} was cut short`)
      const completed = await run(['restore', newest()], elsewhere.path)
      expect([completed.stderr, completed.code]).toEqual(['', 0])
      expect(completed.stdout).toContain(
        name === 'sqlite' ? ', as an earlier run had begun to' : 'Z: 14 events in 2 sessions',
      )
      expect(existsSync(`${journal}.restore`)).toBe(false)
      expect(await expectWhole(elsewhere)).toEqual(before)
    })
  })
})

test('on a terminal it is shown how far along it is', async () => {
  const folder = await makeFolder()
  const server = await serve(folder)
  const shown = start(['backup'], folder.path)
  expect(await shown.ended).toBe(0)
  expect(shown.output()).toMatch(/─ +0 % {2}copying the journal/)
  await server.stop()
  await folder.remove()
})

test('where nothing is stored yet, there is nothing to back up', async () => {
  const folder = await makeFolder()
  const { stdout, stderr, code } = await run(['backup'], folder.path)
  expect([stdout, code]).toEqual(['', 1])
  expect(stderr).toContain('screentrail.db is not there yet')
  expect(existsSync(join(folder.path, 'data/backups'))).toBe(false)
  await folder.remove()
})
