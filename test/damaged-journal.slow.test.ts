// A server whose journal was damaged on disk, as its operator sees it: one line in the log, what doctor says, and the trail.

import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check } from '../src/health/check.ts'
import { isBalanced } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { ledgerOf } from './kill-loop.ts'
import { clientOf, type Folder, makeFolder } from './kit.ts'
import { run, type Served, serve } from './process.ts'
import { storedIds } from './stored.ts'

// Every one of them starts processes.
setDefaultTimeout(120_000)

let folder: Folder
let journal: string
let served: Served | undefined
beforeEach(async () => {
  folder = await makeFolder()
  journal = join(folder.path, 'data/journal.db')
  served = undefined
})
afterEach(async () => {
  await served?.kill()
  await folder.remove()
})

const start = async (through: readonly string[] = []): Promise<Served> => {
  served = await serve(folder, through)
  return served
}

/** So many people open the flow while the store is kept from taking anything; then the server is killed. */
const killWithWaiting = async (people: number): Promise<Set<string>> => {
  const { port, kill } = await start()
  const store = new Database(join(folder.path, 'data/screentrail.db'))
  store.run('PRAGMA busy_timeout = 5000')
  store.run('BEGIN IMMEDIATE')
  const client = clientOf(fetch, folder, `http://localhost:${port}`)
  const acknowledged = new Set<string>()
  for (let index = 0; index < people; index++) {
    const init = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: `person-${index}` }
    const { status, sealed } = await client.send('repair-booking', init)
    expect(status).toBe(200)
    acknowledged.add(sha256(sealed.body))
  }
  await kill()
  store.close()
  return acknowledged
}

const change = (sql: string) => {
  const db = new Database(journal)
  db.run(sql)
  db.close()
}

const overwrite = async (file: string, from: number, length: number) =>
  writeFile(file, (await readFile(file)).fill(0xa5, from, from + length))

const rescueLines = ({ output }: Served) =>
  output()
    .split('\n')
    .filter((line) => line.includes('was damaged'))

async function doctor(): Promise<readonly Check[]> {
  // Nobody listens on the port of tcpmux.
  const { stdout } = await run(['doctor', '--json', '--port', '1'], folder.path)
  return (JSON.parse(stdout) as { checks: readonly Check[] }).checks
}

describe('a server whose journal was damaged', () => {
  test('says so in one line, hands on what can be read, and accounts for the rest', async () => {
    const acknowledged = await killWithWaiting(150)
    change('UPDATE entries SET body = \'{"id":\' WHERE seq = 7')
    change('PRAGMA wal_checkpoint(TRUNCATE)')
    const { size } = await stat(journal)
    await overwrite(journal, Math.floor(size / 2 / 4096) * 4096, 4096)

    const server = await start()
    const [line = '', ...others] = rescueLines(server)
    expect(others).toEqual([])
    const { level, msg, saved, lost, damaged } = JSON.parse(line)
    expect(level).toBe(50)
    expect(lost).toBeGreaterThan(0)
    expect(msg).toMatch(
      /^the journal \S+journal\.db was damaged \(.*page \d+.*\): \d+ entries were saved, \d+ events are missing/,
    )
    expect(msg).toEndWith(`The damaged file is kept as ${damaged}`)
    expect((await stat(damaged)).size).toBe(size)

    const client = clientOf(fetch, folder, `http://localhost:${server.port}`)
    const init = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'afterwards' }
    const { status, sealed } = await client.send('repair-booking', init)
    expect(status).toBe(200)
    expect(await server.stop()).toBe(0)

    const ledger = await ledgerOf(folder)
    expect(isBalanced(ledger)).toBe(true)
    expect(ledger).toMatchObject({ received: 151, waiting: 0, dropped: lost, stored: saved - 1 + 1, quarantined: 1 })
    const ids = await storedIds((await folder.load()).config.store.uri)
    expect(ids).toHaveLength(ledger.stored)
    expect(ids.filter((id) => !acknowledged.has(id))).toEqual([sha256(sealed.body)])

    const checks = await doctor()
    expect(checks).toContainEqual({
      name: 'journal',
      verdict: 'warning',
      found: `${damaged} is a damaged journal that was set aside`,
      fix: expect.stringContaining('delete the file with its -wal and -shm'),
    })
    expect(checks.find(({ name }) => name === 'ledger')).toMatchObject({
      verdict: 'warning',
      found: expect.stringContaining(`+ 1 quarantined + ${lost} dropped`),
      fix: expect.stringContaining('the entry is not JSON'),
    })
  })

  test('was told of it by doctor, who leaves everything to be saved by the start', async () => {
    await killWithWaiting(20)
    const log = `${journal}-wal`
    await truncate(log, (await stat(log)).size - 5_000)
    for (const _ of ['first', 'second'])
      expect((await doctor()).find(({ name }) => name === 'journal')).toEqual({
        name: 'journal',
        verdict: 'problem',
        found: expect.stringMatching(/journal\.db is damaged: \d+ pages of its -wal are missing or damaged$/),
        fix: 'start the server again: it saves all that can be read and sets the damaged file aside',
      })
    expect(rescueLines(await start())).toEqual([expect.stringContaining('nobody can tell whether there were more')])
  })

  test('is looked into by doctor although the oldest entry is no JSON', async () => {
    await killWithWaiting(2)
    change("UPDATE entries SET body = 'x' WHERE seq = 1")
    expect(await doctor()).toContainEqual(
      expect.objectContaining({ name: 'backlog', verdict: 'warning', found: expect.stringContaining('2 events') }),
    )
  })
})

describe('a server does not start, and touches nothing, when its journal', () => {
  test('is a folder', async () => {
    await mkdir(journal)
    await expectRefusal(start(), 'it is a folder')
    expect(await readdir(journal)).toEqual([])
  })

  test('is the database of another program', async () => {
    await (await start()).stop()
    await rm(journal)
    change('CREATE TABLE theirs (a)')
    await expectRefusal(start(), 'it is the database of another program')
  })

  test.each([
    ['a text', 'the address book of somebody\n'.repeat(300)],
    ['a short text', 'a'],
  ])('is %s, and there was none before', async (_, content) => {
    await writeFile(journal, content)
    for (const _ of ['first', 'second']) await expectRefusal(start(), 'it is no SQLite database')
    expect(await readFile(journal, 'utf8')).toBe(content)
  })

  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const isRoot = process.getuid?.() === 0
  const canBeRefused = !isRoot || Bun.which('setpriv') !== null
  if (!canBeRefused) console.log('test of a journal without permission skipped: root has no setpriv to become nobody')
  test.skipIf(!canBeRefused).each([
    ['may not be read', 0o000],
    ['may not be written', 0o444],
  ])(
    '%s',
    async (_, mode) => {
      await (await start()).stop()
      if (isRoot) await Bun.spawn(['chown', '-R', '65534:65534', folder.path]).exited
      await chmod(journal, mode)
      const said = await refusalOf(start(isRoot ? asNobody : []))
      const bits = mode.toString(8)
      expect(said).toContain(`serve ended with 1:\nscreentrail: cannot write to ${journal}: its own user, `)
      expect(said).toContain(`may not (mode ${bits}); let it with chmod u+rwX`)
      expect((await readdir(join(folder.path, 'data'))).filter((name) => name.includes('damaged'))).toEqual([])
      await chmod(journal, 0o600)
      expect(await (await start()).stop()).toBe(0)
    },
    60_000,
  )

  const refusalOf = (starting: Promise<unknown>): Promise<string> =>
    starting.then(
      () => 'it started',
      (error: Error) => error.message,
    )

  async function expectRefusal(starting: Promise<unknown>, reason: string): Promise<void> {
    const said = await refusalOf(starting)
    expect(said).toStartWith('serve ended with 1:\n')
    expect(said).toContain(`\nscreentrail: the journal ${journal} could not be opened: ${reason}`)
    expect(said).toContain('or name another file under journal.file')
    expect((await readdir(join(folder.path, 'data'))).filter((name) => name.includes('damaged'))).toEqual([])
  }
})
