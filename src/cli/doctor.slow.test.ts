// `doctor` as people run it, in a process of its own, on folders in which something is really wrong.

import { Database } from 'bun:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { chmod, copyFile, cp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { START } from '../../test/arbitrary-events.ts'
import { clientOf, configWith, type Folder, makeFolder, SHORT } from '../../test/kit.ts'
import { run, type Served, serve } from '../../test/process.ts'
import type { Check } from '../health/check.ts'
import { sealRequest } from '../simulate/client.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'
import { initFolder } from './init.ts'

const makeShort = () => makeFolder(configWith(SHORT, 'privacy: { key: keys/pseudonym.key }'))

let folder: Folder
let served: Served | undefined
beforeEach(async () => {
  folder = await makeShort()
  served = undefined
})
afterEach(async () => {
  await served?.kill()
  await folder.remove()
})

/** What a server has left that two people came to. */
let left: Folder
beforeAll(async () => {
  left = await makeShort()
  const server = await serve(left)
  await walkIn(server, 2, left)
  expect(await server.stop()).toBe(0)
})
afterAll(() => left.remove())

const haveHadServer = () => cp(left.path, folder.path, { recursive: true })

/** Of tcpmux, which no machine has any more. A port that is merely free now may be another program's in a moment. */
const NOBODYS_PORT = 1

async function start(): Promise<Served> {
  served = await serve(folder)
  return served
}

const INIT = { version: '3.0', action: 'INIT', screen: '', data: {} }

async function walkIn({ port }: Pick<Served, 'port'>, people: number, at = folder): Promise<void> {
  const client = clientOf(fetch, at, `http://localhost:${port}`)
  for (let index = 0; index < people; index++)
    expect((await client.send('repair-booking', { ...INIT, flow_token: `person-${index}` })).status).toBe(200)
}

describe('on a healthy folder', () => {
  // As `init` has made it.
  beforeEach(async () => {
    await folder.remove()
    folder = await makeFolder()
  })

  test('finds everything in order, one line per check, while the server runs', async () => {
    const { port } = await start()
    await walkIn({ port }, 3)
    const { stdout, code } = await doctor('--port', String(port))
    expect(code).toBe(0)
    expect(stdout).toEndWith('\n\n0 problems, 0 warnings.\n')
    expect(stdout).toMatch(/^ok +key +\S+flow-private\.pem opens; its public key is SHA-256 [0-9a-f]{64}$/m)
    expect(stdout).toMatch(/^ok +journal +\S+ is intact$/m)
    expect(stdout).toMatch(
      /^ok +ledger +3 received = \d stored \+ 0 repeated \+ \d waiting \+ 0 quarantined \+ 0 dropped$/m,
    )
    expect(stdout).toMatch(/^ok +store +\S+ opens: \d events? in \d sessions?, \d+ KB$/m)
    expect(stdout).toMatch(/^ok +audit +nothing is in the audit log yet$/m)
    expect(stdout).toMatch(/^ok +server +is up on port \d+, and ready$/m)
    expect(stdout).toMatch(/^ok +round trip +\/flows\/repair-booking answers Meta’s health check, in /m)
    const checks = stdout.trimEnd().split('\n').slice(0, -2)
    for (const line of checks) expect(line).toMatch(/^ok +[a-z]/)
  })

  test('only warns that nothing is started yet, and says what starts it', async () => {
    const { code, checks } = await findings()
    expect(code).toBe(0)
    expect(checks.filter((check) => check.verdict !== 'ok')).toEqual([
      expect.objectContaining({
        name: 'server',
        verdict: 'warning',
        fix: expect.stringContaining('screentrail serve'),
      }),
    ])
    expect(checks.find((check) => check.name === 'journal')?.found).toContain('is not there yet')
    expect(await readdir(join(folder.path, 'data'))).toEqual([])
  })

  test('shows in its help what to expect', async () => {
    const { stdout, code } = await doctor('--help')
    expect(code).toBe(0)
    expect(stdout).toContain('$ screentrail doctor --config')
    expect(stdout).toMatch(/^ {2}ok {7}round trip/m)
  })
})

describe('it changes nothing', () => {
  test('in a folder whose server has stopped', async () => {
    await haveHadServer()
    const before = await contents()
    expect((await findings()).code).toBe(0)
    expect(await contents()).toEqual(before)
  })

  test('in a folder whose server was killed; and it reads what that one wrote last', async () => {
    const server = await start()
    const outside = new Database(join(folder.path, 'data/screentrail.db'))
    outside.run('PRAGMA busy_timeout = 5000')
    outside.run('BEGIN IMMEDIATE')
    await walkIn(server, 2)
    await server.kill()
    outside.close()

    const before = await contents()
    const { checks } = await findings()
    expect(await contents()).toEqual(before)
    expect(checks).toContainEqual(
      expect.objectContaining({
        name: 'backlog',
        verdict: 'warning',
        found: expect.stringMatching(/^2 events waiting for the store, the oldest for /),
        fix: expect.stringContaining('hands them over first'),
      }),
    )
  })

  test('and leaves the server its journal: it can be started while doctor runs', async () => {
    const [{ code }, server] = await Promise.all([findings(), start()])
    expect(code).toBe(0)
    await walkIn(server, 1)
  })
})

describe('finds', () => {
  test('a config with mistakes, each of them, and leaves the rest alone', async () => {
    await writeFile(folder.config, 'server: { port: eighty }\nmeta: { keys: [] }\nflows: {}\n')
    const { code, checks } = await findings()
    expect(code).toBe(1)
    expect(checks[0]).toMatchObject({ name: 'config', verdict: 'problem' })
    expect(checks[0]?.found).toContain('config.yaml:1:17 `port` must be a number, found "eighty"')
    expect(new Set(checks.map((check) => check.name))).toEqual(new Set(['config', 'clock']))
  })

  test('a passphrase that does not open its key', async () => {
    await writeFile(join(folder.path, 'keys/flow-private.passphrase'), 'not this one\n')
    expect(await problems()).toEqual([expect.stringContaining('the passphrase is wrong or the PEM is damaged')])
  })

  test('each file of keys/ that others can read, and gives the line that ends it', async () => {
    const names = ['flow-private.pem', 'flow-private.passphrase', 'app-secret', 'pseudonym.key']
    const files = names.map((name) => join(folder.path, 'keys', name))
    for (const file of files) await chmod(file, 0o644)
    const { code, checks } = await findings()
    expect(code).toBe(0)
    const found = checks.filter((check) => check.name === 'secrets').toSorted((a, b) => (a.found < b.found ? -1 : 1))
    expect(found).toEqual(
      files.toSorted().map((file) => ({
        name: 'secrets',
        verdict: 'warning',
        found: `others can read ${file} (mode 644)`,
        fix: `chmod 600 ${file}`,
      })),
    )
  })

  test('a folder of data and databases that others can get at, with the line that ends it', async () => {
    await haveHadServer()
    const data = join(folder.path, 'data')
    await chmod(data, 0o755)
    await chmod(join(data, 'journal.db'), 0o644)
    await chmod(join(data, 'screentrail.db'), 0o640)
    const { code, checks } = await findings()
    expect(code).toBe(0)
    const told = (path: string, mode: string, fix: string) => ({
      name: 'access',
      verdict: 'warning' as const,
      found: `others can get at ${path} (mode ${mode})`,
      fix: `${fix} ${path}`,
    })
    expect(checks.filter(({ name }) => name === 'access')).toEqual([
      told(data, '755', 'chmod 700'),
      told(join(data, 'journal.db'), '644', 'chmod 600'),
      told(join(data, 'screentrail.db'), '640', 'chmod 600'),
    ])
    for (const { fix } of checks.filter(({ name }) => name === 'access')) await Bun.$`sh -c ${fix}`.quiet()
    expect((await findings()).checks.find(({ name }) => name === 'access')?.verdict).toBe('ok')
  })

  test('a config that others can read, when a secret stands in it', async () => {
    const access = async () => (await findings()).checks.filter(({ name }) => name === 'access')
    await chmod(folder.config, 0o644)
    expect((await access())[0]?.verdict).toBe('ok')
    const config = await readFile(folder.config, 'utf8')
    await writeFile(folder.config, config.replace(/"\$\{file:keys\/app-secret\}"/, 'e3b0c44298fc1c149afbf4c8996fb924'))
    expect(await access()).toEqual([
      expect.objectContaining({
        verdict: 'warning',
        found: `others can get at ${folder.config} (mode 644), and a secret stands in it`,
        fix: `chmod 600 ${folder.config}`,
      }),
    ])
  })

  test('a key of the pseudonyms among the data, and the lines that part them', async () => {
    await rename(join(folder.path, 'keys/pseudonym.key'), join(folder.path, 'data/privacy.key'))
    const nameKey = async (from: string, to: string) =>
      writeFile(folder.config, (await readFile(folder.config, 'utf8')).replace(`key: ${from}`, `key: ${to}`))
    await nameKey('keys/pseudonym.key', 'data/privacy.key')
    const { checks } = await findings()
    const found = checks.find(({ name }) => name === 'access')
    expect(found?.found).toContain('data/privacy.key, lies in the folder of the data')
    await Bun.$`sh -c ${found?.fix?.split(', then ')[0] ?? ''}`.quiet()
    await nameKey('data/privacy.key', 'keys/privacy.key')
    expect((await findings()).checks.find(({ name }) => name === 'access')?.verdict).toBe('ok')
  })

  test.each([
    ['that is no database', 0],
    ['with a page overwritten', 4096],
  ])('a journal %s', async (_, from) => {
    await haveHadServer()
    const file = join(folder.path, 'data/journal.db')
    const bytes = await readFile(file)
    bytes.fill(0xa5, from, from + 4096)
    await writeFile(file, bytes)
    expect(await problems()).toEqual([expect.stringMatching(/journal\.db (?:is damaged|cannot be read): .+/)])
  })

  test('an audit log that is not as it was made, and the entry that was noted, also while nobody has it open', async () => {
    const file = join(folder.path, 'data/screentrail.db')
    const store = await openSqliteStore(file)
    for (const at of [1, 2, 3]) await store.audit({ at: START + at, who: 'ada', what: 'login', detail: '' })
    const hash = (await store.auditHead())?.hash
    const { checks } = await findings('--audit-entry', `3:${hash}`)
    expect(checks.find(({ name }) => name === 'audit')).toEqual({
      name: 'audit',
      verdict: 'ok',
      found: `3 entries, chained since ${isoAt(START + 1)}; the newest is 3:${hash}`,
      values: { number: 3, sha256: hash as string, since: isoAt(START + 1) },
    })
    await store.close()

    const db = new Database(file)
    db.run("UPDATE audits SET who = 'eve' WHERE number = 2")
    db.close(true)
    expect(await problems()).toEqual([
      `the audit log is not as it was made: entry 2, of ${isoAt(START + 2)}, was changed or put in`,
    ])
  })

  test('an audit log that is gone as a whole, with the store or without it, though an entry of it was noted', async () => {
    const noted = ['--audit-entry', `3:${'a'.repeat(64)}`]
    const found = 'the audit log is not as it was made: entry 3, which was noted, is not there'
    expect(await problems(...noted)).toEqual([found])
    await (await openSqliteStore(join(folder.path, 'data/screentrail.db'))).close()
    expect(await problems(...noted)).toEqual([found])
  })

  test('a ledger in which an event is missing, while the server runs', async () => {
    const { port } = await start()
    const outside = new Database(join(folder.path, 'data/journal.db'))
    outside.run('UPDATE ledger SET received = received + 1')
    outside.close()
    expect(await problems('--port', String(port))).toEqual([expect.stringContaining('1 received ≠ 0 stored')])
  })

  test('another program on the port', async () => {
    const other = Bun.serve({ port: 0, fetch: () => new Response('welcome to nginx') })
    expect(await problems('--port', String(other.port))).toEqual([
      `what listens on port ${other.port} is not Screentrail, or is stuck`,
    ])
    await other.stop(true)
  })

  test('a running server that still has the old key, or the old app secret', async () => {
    const { port } = await start()
    const [newer, older] = [join(folder.path, 'newer'), join(folder.path, 'older')]
    await initFolder(newer)
    await cp(join(folder.path, 'keys'), join(older, 'keys'), { recursive: true })
    for (const [names, status] of [
      [['flow-private.pem', 'flow-private.passphrase'], 'status 421'],
      [['app-secret'], 'status 432'],
    ] as const) {
      const take = async (from: string) => {
        for (const name of names) await copyFile(join(from, 'keys', name), join(folder.path, 'keys', name))
      }
      await take(newer)
      const { code, checks } = await findings('--port', String(port))
      await take(older)
      expect(code).toBe(1)
      expect(checks.find((check) => check.name === 'round trip')).toMatchObject({
        verdict: 'problem',
        found: expect.stringContaining(`/flows/repair-booking answered ${status}`),
        fix: expect.stringContaining('restart the server'),
      })
    }
  })

  test('an app secret that is another app’s, by what came since the start; the odd stranger is none of its business', async () => {
    const { port } = await start()
    const found = async () => {
      const { checks } = await findings('--port', String(port))
      return checks.filter((check) => check.name === 'signatures')
    }
    const post = (secret: string) => {
      const { body, headers } = sealRequest({ ...INIT, flow_token: 'x' }, folder.publicKey, secret)
      return fetch(`http://localhost:${port}/flows/repair-booking`, { method: 'POST', body, headers: { ...headers } })
    }
    expect((await post('of another app')).status).toBe(432)
    expect((await fetch(`http://localhost:${port}/flows/repair-booking`, { method: 'POST', body: 'x' })).status).toBe(
      432,
    )
    expect(await found()).toMatchObject([{ verdict: 'ok', found: expect.stringContaining(', 1 of 1 signed requests') }])
    for (let more = 0; more < 3; more++) await post('of another app')
    expect(await found()).toEqual([
      {
        name: 'signatures',
        verdict: 'warning',
        found: expect.stringMatching(
          /^since the start at \S+Z, 4 of 5 signed requests had a signature that matches none of the app secrets$/,
        ),
        fix: expect.stringMatching(/^the app secret in \$\{file:keys\/app-secret\} is probably another app’s/),
      },
    ])
  })

  test('that signatures are not checked', async () => {
    const config = await readFile(folder.config, 'utf8')
    await writeFile(folder.config, config.replace(/^meta:\n/m, 'meta:\n  signature: off\n'))
    const { checks } = await findings()
    expect(checks).toContainEqual(expect.objectContaining({ name: 'signature', verdict: 'warning' }))
  })
})

const isoAt = (at: number): string => new Date(at).toISOString()

/** Without a port of one's own it would ask whatever happens to listen on the default one. */
async function doctor(...args: readonly string[]) {
  const own = args.includes('--port') ? [] : ['--port', String(NOBODYS_PORT)]
  const { stdout, stderr, code } = await run(['doctor', ...args, ...own], folder.path)
  expect(stderr).toBe('')
  return { stdout, code }
}

async function findings(...args: readonly string[]): Promise<{ code: number; checks: readonly Check[] }> {
  const { stdout, code } = await doctor('--json', ...args)
  const report = JSON.parse(stdout) as { isHealthy: boolean; checks: readonly Check[] }
  expect(report.isHealthy).toBe(code === 0)
  return { code, checks: report.checks }
}

async function problems(...args: readonly string[]): Promise<string[]> {
  const { code, checks } = await findings(...args)
  expect(code).toBe(1)
  return checks.filter((check) => check.verdict === 'problem').map((check) => check.found)
}

/** Every file of the folder with its bytes, save for the lock tables of SQLite (-shm), which every reader enters itself in. */
async function contents(): Promise<Record<string, string>> {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => {
        const content = file.endsWith('-shm') ? '' : Bun.hash(await readFile(file)).toString(16)
        return [file, content]
      }),
    ),
  )
}
