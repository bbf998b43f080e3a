// What `doctor` says of the files of a config: whether the server may write to them, whether the store can be opened, and whether it is
// the one that the events went to. In a process of its own, on folders in which something is really wrong.

import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientOf, configWith, type Folder, makeFolder, SHORT } from '../../test/kit.ts'
import { run, type Served, serve } from '../../test/process.ts'
import type { Check } from '../health/check.ts'

let folder: Folder
let served: Served | undefined
beforeEach(async () => {
  folder = await makeFolder(configWith(SHORT))
  served = undefined
})
afterEach(async () => {
  await served?.kill()
  await folder.remove()
})

/** Root may write anywhere, so there it runs as somebody else. */
const isRoot = process.getuid?.() === 0
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
const canBeRefused = Bun.spawnSync([...asNobody, process.execPath, '--version']).exitCode === 0
if (!canBeRefused)
  console.log('doctor-data.slow.test.ts: files without permission skipped: another user cannot run Bun from here')

describe.skipIf(!canBeRefused)('where the server could not write', () => {
  test('finds the folder, the store or the journal, in the words in which the start refuses', async () => {
    await withEvents(1)
    if (isRoot) await Bun.$`chown -R 65534:65534 ${folder.path}`
    for (const [name, mode] of [
      ['data', 0o500],
      ['data/screentrail.db', 0o400],
      ['data/journal.db', 0o400],
    ] as const) {
      const path = join(folder.path, name)
      await chmod(path, mode)
      const problems = await problemsOf(asNobody)
      const start = await run(['serve', '--port', '1'], folder.path, {}, '', asNobody)
      await chmod(path, 0o700)
      expect(start.stderr).toStartWith(`screentrail: cannot write to ${path}: its own user, `)
      expect(problems).toEqual([`access ${refusalOf(start)}`])
    }
  }, 120_000)

  test('does not take a store that it may not look for as one that is not there', async () => {
    await withEvents(1)
    if (isRoot) await Bun.$`chown -R 65534:65534 ${folder.path}`
    const data = join(folder.path, 'data')
    await chmod(data, 0o000)
    const { checks } = await findings(asNobody)
    await chmod(data, 0o700)
    expect(checks.filter(({ verdict }) => verdict === 'problem').map(({ name }) => name)).toEqual([
      'access',
      'journal',
      'store',
    ])
    expect(JSON.stringify(checks)).not.toContain('is not there yet; the first start makes it')
  })
})

describe('a store that the start would not open', () => {
  test('is told in the words in which the start refuses', async () => {
    await withEvents(1)
    const file = join(folder.path, 'data/screentrail.db')
    const good = await readFile(file)
    const changed = (change: string) => () => {
      const db = new Database(file)
      db.run(change)
      db.close(true)
    }
    for (const [found, spoil] of [
      ['is damaged (', () => truncate(file, 50)],
      ['is damaged (', () => truncate(file, 5_000)],
      ['is not a SQLite database; ', () => writeFile(file, 'the address book of somebody\n'.repeat(300))],
      ['is the database of another program; ', changed('PRAGMA application_id = 7')],
      ['was written by a newer Screentrail (layout 900, ', changed('PRAGMA user_version = 900')],
    ] as const) {
      await writeFile(file, good)
      await spoil()
      const problems = await problemsOf()
      expect(problems[0]).toStartWith(`store ${file} ${found}`)
      expect(problems).toEqual([`store ${refusalOf(await run(['serve', '--port', '1'], folder.path))}`])
    }
  }, 180_000)

  test('is not one that is still empty', async () => {
    const file = join(folder.path, 'data/screentrail.db')
    await writeFile(file, '')
    expect((await findings()).checks.find(({ name }) => name === 'store')).toEqual({
      name: 'store',
      verdict: 'ok',
      found: `${file} is empty; the first start makes its tables`,
    })
  })
})

describe('a store that is lost, though the ledger says that events went to it', () => {
  const LOST =
    ', but the ledger of the journal says that 2 events went to the store; restore a backup, or correct store.uri; if it was changed to a new store on purpose, the first event there settles this'

  test('is found when it is emptied or removed, by doctor and in the log of the next start, until an event comes', async () => {
    const file = join(folder.path, 'data/screentrail.db')
    await withEvents(2)
    expect(served?.output()).not.toContain('went to the store')
    const madeAnew = `${file} has no events, and nothing says that any were removed${LOST}`
    for (const [lose, what] of [
      [truncate, 'is empty'],
      [rm, 'is not there'],
    ] as const) {
      await lose(file)
      expect(await problemsOf()).toEqual([`store ${file} ${what}${LOST}`])
      await withEvents(0)
      expect(served?.output()).toContain(`"msg":"${madeAnew}"`)
    }
    expect(await problemsOf()).toEqual([`store ${madeAnew}`])
    await withEvents(1)
    expect(await problemsOf()).toEqual([])
  }, 120_000)
})

/** As `doctor` puts it. */
function refusalOf({ code, stderr }: { readonly code: number; readonly stderr: string }): string {
  expect(code).toBe(1)
  const line = stderr.trim().split('\n').at(-1) ?? ''
  return `${line.replace(/^screentrail: (?:store: )?/, '')}; until then the server does not start`
}

async function withEvents(people: number): Promise<void> {
  served = await serve(folder)
  const client = clientOf(fetch, folder, `http://localhost:${served.port}`)
  for (let index = 0; index < people; index++)
    await client.send('repair-booking', {
      version: '3.0',
      action: 'INIT',
      screen: '',
      data: {},
      flow_token: `person-${index}`,
    })
  await served.stop()
}

/** Nothing listens on port 1. */
async function findings(through: readonly string[] = []) {
  const { stdout, stderr, code } = await run(['doctor', '--json', '--port', '1'], folder.path, {}, '', through)
  expect(stderr).toBe('')
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] }
  return { code, checks }
}

async function problemsOf(through: readonly string[] = []): Promise<string[]> {
  const { code, checks } = await findings(through)
  const problems = checks.filter(({ verdict }) => verdict === 'problem')
  expect(code).toBe(problems.length > 0 ? 1 : 0)
  return problems.map(({ name, found, fix }) => `${name} ${found}; ${fix}`)
}
