// `serve --init`, the start of the container: whatever the folder holds, it comes up, or says in one sentence what to do.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, SCREENTRAIL, serve } from './process.ts'
import { until } from './until.ts'

let path: string
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'screentrail-first-'))
})
afterEach(() => rm(path, { recursive: true, force: true }))

const config = () => join(path, 'config.yaml')
const start = () => serve({ config: config() }, [], ['--init'])
const files = async () => (await readdir(path, { recursive: true })).filter((name) => !name.startsWith('data/')).sort()

const ALL = [
  'config.yaml',
  'data',
  'flows',
  'flows/repair-booking.json',
  'keys',
  'keys/app-secret',
  'keys/flow-private.passphrase',
  'keys/flow-private.pem',
  'keys/flow-public.pem',
  'keys/pseudonym.key',
]

test('in an empty folder it writes the config and its keys, says so, and serves', async () => {
  const served = await start()
  expect(await files()).toEqual(ALL)
  expect(served.output()).toStartWith(`Written, as there was no config:\n  ${path}/keys/flow-private.pem\n`)
  expect(served.output()).toContain('business_public_key@keys/flow-public.pem')
  expect(await served.stop()).toBe(0)
})

test('the second start writes nothing, and leaves the config as it was edited', async () => {
  await (await start()).stop()
  const edited = `${await readFile(config(), 'utf8')}\n# mine\n`
  await writeFile(config(), edited)
  const served = await start()
  expect(served.output()).not.toContain('Written')
  await served.stop()
  expect(await readFile(config(), 'utf8')).toBe(edited)
})

test.each([
  ['all of them', ALL.filter((name) => name.startsWith('keys/'))],
  ['only the pair', ['keys/flow-private.pem', 'keys/flow-private.passphrase', 'keys/flow-public.pem']],
  ['only the key of the pseudonyms', ['keys/pseudonym.key']],
])('where there are keys and no config (%s) it keeps them, byte for byte, and serves', async (_, kept) => {
  await run(['init', '.'], path)
  const read = () => Promise.all(kept.map((name) => readFile(join(path, name), 'utf8')))
  const before = await read()
  for (const name of ALL.filter((name) => name.startsWith('keys/') && !kept.includes(name))) await rm(join(path, name))
  await rm(config())

  const served = await start()
  expect(await read()).toEqual(before)
  expect(await files()).toEqual(ALL)
  await served.stop()
})

test('half a pair is not completed with a half that does not fit: it says what is missing', async () => {
  await run(['init', '.'], path)
  await rm(config())
  await rm(join(path, 'keys/flow-private.passphrase'))
  const { code, stderr } = await run(['serve', '--init', '--port', '0'], path)
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^config\.yaml:\d+:\d+ cannot read the file of \$\{file:keys\/flow-private\.passphrase\}: there is no such file/,
  )
})

test.each([
  [['--init', '--store', 'postgres://x'], '--store '],
  [['--store', 'sqlite:d.db'], 'screentrail: --store is for a new config, which only --init writes.'],
  [['--init', '--log-level', 'verbose'], "error: option '--log-level <level>' argument 'verbose' is invalid."],
])('serve %p is refused before anything is written', async (args, said) => {
  const { stderr, code } = await run(['serve', ...args], path)
  expect(stderr).toStartWith(said)
  expect(code).toBe(1)
  expect(await readdir(path)).toEqual([])
})

test('--store beside a config that names another store is told not to count', async () => {
  await (await start()).stop()
  const served = await serve({ config: config() }, [], ['--init', '--store', 'sqlite:data/other.db'])
  expect(served.output()).toContain('config.yaml is there already, and its store.uri counts, not --store.\n')
  await served.stop()
  expect(await readdir(join(path, 'data'))).not.toContain('other.db')
})

test('whoever reads its first lines may go: it serves on, and says nothing of it', async () => {
  const taken = Bun.serve({ port: 0, fetch: () => new Response() })
  const { port } = taken
  await taken.stop(true)
  const command = [...SCREENTRAIL, 'serve', '--init', '--config', config(), '--port', String(port)]
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' })
  const reader = child.stdout.getReader()
  await reader.read()
  await reader.cancel()
  await until('it is up', () =>
    fetch(`http://localhost:${port}/up`).then(
      (response) => response.ok,
      () => false,
    ),
  )
  child.kill('SIGTERM')
  expect(await new Response(child.stderr).text()).not.toContain('EPIPE')
  expect(await child.exited).toBe(0)
})

test('--store is what a new config names', async () => {
  const served = await serve({ config: config() }, [], ['--init', '--store', 'sqlite:data/other.db'])
  expect(await readFile(config(), 'utf8')).toContain('store: { uri: "sqlite:data/other.db" }')
  await served.stop()
})

test('without --init it only says what would make a config', async () => {
  const { code, stderr } = await run(['serve'], path)
  expect([code, await files()]).toEqual([1, []])
  expect(stderr).toBe('config.yaml:1:1 cannot read the config: there is no such file; `screentrail init` makes one\n')
})

/** Root may write anywhere, so there it runs as somebody else. */
const as = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
const user = as.length > 0 ? 65_534 : process.getuid?.()
const canRun = Bun.spawnSync([...as, process.execPath, '--version']).exitCode === 0
if (!canRun) console.log('first-start.slow.test.ts: folders of others skipped: another user cannot run Bun from here')

describe.skipIf(!canRun)('where it may not write, one sentence says whose it is and what to do', () => {
  /** The folder is somebody's who lets others read only. */
  const lock = async (name: string) => {
    await chmod(join(path, name), 0o555)
    const { uid, gid } = await stat(join(path, name))
    if (uid === user) return `its own user, ${uid}, may not (mode 555); let it with chmod u+rwX`
    return `it belongs to user ${uid} (mode 555), and this is user ${user}; run as its owner (in a container --user ${uid}:${gid}), or give it to this user with chown -R`
  }
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(args, path, {}, '', as)
    expect([code, stdout]).toEqual([1, ''])
    return stderr
  }

  test.each([[['init', '.']], [['serve', '--init']]])('%j, in a folder that is not ours', async (args) => {
    const whose = await lock('.')
    expect(await refused(...args)).toBe(`screentrail: cannot write to ${path}: ${whose}\n`)
    await chmod(path, 0o755)
  })

  test('serve, with a config that is good', async () => {
    await run(['init', '.'], path)
    await chmod(path, 0o755)
    for (const name of ALL) await giveTo(join(path, name))
    const whose = await lock('data')
    expect(await refused('serve')).toBe(`screentrail: cannot write to ${path}/data: ${whose}\n`)
    await chmod(join(path, 'data'), 0o755)
  })

  test('serve, where the journal is another’s', async () => {
    await run(['init', '.'], path)
    await chmod(path, 0o755)
    await mkdir(join(path, 'data'), { recursive: true })
    await writeFile(join(path, 'data/journal.db'), '')
    for (const name of ALL) await giveTo(join(path, name))
    const whose = await lock('data/journal.db')
    expect(await refused('serve')).toBe(`screentrail: cannot write to ${path}/data/journal.db: ${whose}\n`)
  })

  const giveTo = (file: string) => (as.length > 0 ? chown(file, 65_534, 65_534) : Promise.resolve())
})
