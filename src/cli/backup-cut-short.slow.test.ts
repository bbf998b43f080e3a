// `backup` and `restore` killed at any moment, on a full disk, and across file systems.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { killAtMoment } from '../../test/kill-at-moment.ts'
import { killAtRandom } from '../../test/kill-at-random.ts'
import { configWith, type Folder, makeFolder, SHORT } from '../../test/kit.ts'
import { run, serve, start } from '../../test/process.ts'
import { storedIds } from '../../test/stored.ts'
import { until } from '../../test/until.ts'
import { measureFile } from '../backup/files.ts'
import { backupsIn, findBackup } from '../backup/folder.ts'
import { rulebookOf } from '../config/session-rules.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'

setDefaultTimeout(180_000)

/** With many people in its store, for the tests that need a store which takes long to copy. */
let crowd: Folder
let folder: Folder
beforeAll(async () => {
  crowd = await makeFolder(configWith(SHORT))
  await comePeople(3_000, 'token', crowd)
})
beforeEach(async () => {
  folder = await makeFolder(configWith(SHORT))
})
afterEach(() => folder.remove())
afterAll(() => crowd.remove())

const data = (of = folder) => join(of.path, 'data')
const comeCrowd = () => cp(data(crowd), data(), { recursive: true })
const backups = () => join(data(), 'backups')

/** So many people, of two events each, in the store; and a journal beside it. */
const comePeople = async (count: number, name = 'token', at = folder) => {
  const { config, ...rest } = await at.load()
  const store = await openStore(config.store.uri, createLog('silent'))
  const events = Array.from({ length: count * 2 }, (_, index) =>
    eventOf({ token: `${name} ${index >> 1}`, at: START + index * 1_000, input: { note: 'x'.repeat(200) } }),
  )
  for (let at = 0; at < events.length; at += 500)
    await store.record(events.slice(at, at + 500), rulebookOf({ config, ...rest }))
  await store.close()
}

const idsIn = async () => (await storedIds((await folder.load()).config.store.uri)).sort()

/** Every backup that has the name of one is whole. */
const expectOnlyWhole = () => {
  for (const name of backupsIn(backups())) {
    const { path, manifest } = findBackup(join(backups(), name), '')
    for (const { name, bytes, sha256 } of manifest.files)
      expect([name, measureFile(join(path, name))]).toEqual([name, { bytes, sha256 }])
  }
}

const unfinishedIn = (path: string) =>
  existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.partial')) : []

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** BACKUP_KILLS asks for more of them. */
const KILLS = Number(Bun.env.BACKUP_KILLS ?? 5)

describe('a backup that is killed', () => {
  /** What is in the unfinished backup at the moment of the kill. */
  const MOMENTS: [string, (partial: string) => boolean][] = [
    ['as it begins', () => true],
    ['in the journal', (partial) => existsSync(join(partial, 'journal.db'))],
    ['as the store begins', (partial) => existsSync(join(partial, 'store.db'))],
    ['in the store', (partial) => sizeOf(join(partial, 'store.db')) > 0],
    ['while the copy is read', (partial) => existsSync(join(partial, 'store.db-wal'))],
  ]

  test('at any moment leaves nothing that looks like one, and the next goes on', async () => {
    await comeCrowd()
    const before = await idsIn()
    for (const [moment, isThere] of MOMENTS) {
      let ofBefore: readonly string[] = []
      await killAtMoment(moment, {
        prepare() {
          ofBefore = unfinishedIn(backups())
        },
        begin: () => start(['backup'], folder.path),
        isThere: () =>
          unfinishedIn(backups()).some((name) => !ofBefore.includes(name) && isThere(join(backups(), name))),
      })
      expectOnlyWhole()
    }

    const last = await run(['backup'], folder.path)
    expect([last.stderr, last.code]).toEqual(['', 0])
    expect(unfinishedIn(backups())).toEqual([])
    expectOnlyWhole()
    expect(await idsIn()).toEqual(before)
  })

  test(`at ${KILLS} random moments, as a job, it leaves what is whole, and the next goes on`, async () => {
    await appendFile(folder.config, '\nbackup: { schedule: "30 3 * * *" }\n')
    await comeCrowd()
    const before = await idsIn()
    await killAtRandom(KILLS, {
      from: 0.3,
      begin: () => start(['jobs', 'run', 'backup'], folder.path),
      afterEach: expectOnlyWhole,
    })
    await until('the process of the last one has ended', async () => {
      const { code } = await run(['jobs', 'run', 'backup'], folder.path)
      return code === 0
    })
    expect(unfinishedIn(backups())).toEqual([])
    expectOnlyWhole()
    expect(await idsIn()).toEqual(before)
  }, 600_000)
})

describe('a restore that is killed', () => {
  const isIn = (name: string) => existsSync(join(data(), name))
  const isNoted = () => isIn('journal.db.restore')

  /** How each moment is told from the next, and whether the restore can only be completed from there on. */
  const MOMENTS: [string, { isThere: () => boolean; goesForward: boolean }][] = [
    [
      'as the journal is built',
      {
        isThere: () => isIn('journal.db.restoring') && !isIn('screentrail.db.restoring') && !isNoted(),
        goesForward: false,
      },
    ],
    ['as the store is built', { isThere: () => isIn('screentrail.db.restoring') && !isNoted(), goesForward: false }],
    // `src/backup/swap.test.ts` cuts it short at each of its steps.
    ['when all is built, or as it swaps', { isThere: isNoted, goesForward: true }],
  ]

  test('at any moment leaves the old data or the new, whole', async () => {
    await comeCrowd()
    const made = await run(['backup'], folder.path)
    expect(made.code).toBe(0)
    const restored = await idsIn()
    await comePeople(100, 'since')
    const present = await idsIn()
    const [name = ''] = backupsIn(backups())
    const saved = join(folder.path, 'saved')
    await cp(data(), saved, { recursive: true })

    for (const [moment, { isThere, goesForward }] of MOMENTS) {
      await killAtMoment(moment, {
        async prepare() {
          await rm(data(), { recursive: true })
          await cp(saved, data(), { recursive: true })
        },
        begin: () => start(['restore', name, '--replace'], folder.path),
        isThere,
      })
      const served = await serve(folder).catch((error: Error) => error)
      if (goesForward) {
        expect([moment, `${served}`]).toEqual([
          moment,
          expect.stringContaining(`a restore of the backup ${name} was cut short; \`screentrail restore ${name}\``),
        ])
        expect((await run(['restore', name], folder.path)).code).toBe(0)
      } else {
        if (served instanceof Error) throw served
        await served.stop()
      }
      expect(await idsIn()).toEqual(goesForward ? restored : present)
    }
  })
})

const canMount = process.getuid?.() === 0 && Bun.which('mount') !== null
if (!canMount) console.log('tests of backups on another file system skipped: only root can mount one')

describe.skipIf(!canMount)('on another file system', () => {
  let disk: string
  beforeEach(async () => {
    disk = join(folder.path, 'disk')
    await mkdir(disk)
    await command('mount', '-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', disk)
  })
  afterEach(() => command('umount', disk))

  test('a backup is made there, and comes back from there', async () => {
    await comePeople(100)
    const before = await idsIn()
    const made = await run(['backup', disk], folder.path)
    expect([made.stderr, made.code]).toEqual(['', 0])
    const [name = ''] = backupsIn(disk)
    await comePeople(10, 'since')
    const restored = await run(['restore', join(disk, name), '--replace'], folder.path)
    expect([restored.stderr, restored.code]).toEqual(['', 0])
    expect(await idsIn()).toEqual(before)
  })

  test('journal and store on two of them come back together', async () => {
    await appendFile(folder.config, '\njournal: { file: disk/journal.db }\n')
    await comePeople(100)
    const before = await idsIn()
    expect((await run(['backup'], folder.path)).code).toBe(0)
    const [name = ''] = backupsIn(backups())
    await comePeople(10, 'since')
    expect((await run(['restore', name, '--replace'], folder.path)).code).toBe(0)
    expect(await idsIn()).toEqual(before)
    expect(existsSync(join(disk, 'journal.db'))).toBe(true)
  })

  test('without room there, it says so before it writes, and older backups stay', async () => {
    await comePeople(100)
    expect((await run(['backup', disk], folder.path)).code).toBe(0)
    const before = backupsIn(disk)
    await writeFile(join(disk, 'of-somebody-else'), Buffer.alloc(40 * 1024 * 1024))
    const refused = await run(['backup', disk], folder.path)
    expect([refused.stdout, refused.code]).toEqual(['', 1])
    expect(refused.stderr).toMatch(
      /^screentrail: there is no room in \S+disk\S*: it needs .+ are free; free some space/,
    )
    expect(backupsIn(disk)).toEqual(before)
    expect(unfinishedIn(disk)).toEqual([])
  })
})

/** Blocks are of 512 or of 1,024 bytes: no file can be larger than 400 KB or 800 KB. */
const SMALL_FILES = ['sh', '-c', 'trap "" XFSZ; ulimit -f 800; exec "$0" "$@"']

test('where the disk is full half way, nothing is left of the backup, and nothing else is touched', async () => {
  await comeCrowd()
  expect(sizeOf(join(data(), 'screentrail.db'))).toBeGreaterThan(1_000_000)
  const before = await idsIn()
  const failed = await run(['backup'], folder.path, {}, '', SMALL_FILES)
  expect([failed.stdout, failed.code]).toEqual(['', 1])
  expect(failed.stderr).toMatch(
    /^screentrail: there is no room left for \S+\.partial\/store\.db: free some space on its disk/,
  )
  expect(readdirSync(backups()).filter((name) => !name.startsWith('.lock'))).toEqual([])
  expect(await idsIn()).toEqual(before)
  expect((await run(['backup'], folder.path)).code).toBe(0)
})

test('where the disk is full half way, a restore leaves what was there', async () => {
  await comeCrowd()
  expect((await run(['backup'], folder.path)).code).toBe(0)
  const [name = ''] = backupsIn(backups())
  await comePeople(10, 'since')
  const before = await idsIn()
  const failed = await run(['restore', name, '--replace'], folder.path, {}, '', SMALL_FILES)
  expect([failed.stdout, failed.code]).toEqual(['', 1])
  expect(failed.stderr).toMatch(
    /^screentrail: there is no room left for \S+screentrail\.db\.restoring: free some space/,
  )
  expect(readdirSync(data()).filter((each) => /before|restoring/.test(each))).toEqual([])
  expect(await idsIn()).toEqual(before)
})

test('a log that somebody left beside the copy, or beside what is replaced, changes nothing', async () => {
  await comePeople(20)
  const before = await idsIn()
  expect((await run(['backup'], folder.path)).code).toBe(0)
  const [name = ''] = backupsIn(backups())
  await comePeople(20, 'since')
  // Of a server that was killed: its newest commits are only there.
  const { config } = await folder.load()
  const store = await openStore(config.store.uri, createLog('silent'))
  await store.audit({ at: START, who: 'test', what: 'login', detail: '' })
  const log = await readFile(join(data(), 'screentrail.db-wal'))
  await store.close()
  expect(log.length).toBeGreaterThan(0)
  await writeFile(join(data(), 'screentrail.db-wal'), log)
  await appendFile(join(backups(), name, 'store.db-wal'), log)

  expect((await run(['restore', name, '--replace'], folder.path)).code).toBe(0)
  expect(await idsIn()).toEqual(before)
  expect(readdirSync(data()).filter((each) => /before-.+-wal$/.test(each))).toHaveLength(1)
})

async function command(...args: string[]): Promise<void> {
  const child = Bun.spawn(args, { stderr: 'pipe' })
  if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text())
}
