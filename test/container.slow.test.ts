// The image in a real engine: as whom it runs, and on what it is given for /data.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { chown, lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Container, docker, IMAGE, startContainer } from './container.ts'

if (IMAGE === undefined)
  console.log('container.slow.test.ts skipped: SCREENTRAIL_IMAGE names no image of a Docker engine')

/** Files are given to other users here, as Docker does; that takes root, which CI is. */
const isRoot = process.getuid?.() === 0
if (IMAGE !== undefined && !isRoot) console.log('container.slow.test.ts skipped: it takes root')

/** As compose.yaml has it. */
const CONFINED = [
  ...['--read-only', '--tmpfs', '/tmp', '--security-opt', 'no-new-privileges:true', '--cap-drop', 'ALL'],
  ...['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'].flatMap((name) => ['--cap-add', name]),
]
const START = ['serve', '--init']

describe.skipIf(IMAGE === undefined || !isRoot)('the container', () => {
  let folder: string
  let started: Container | undefined
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'screentrail-container-'))
  })
  afterEach(async () => {
    await started?.remove()
    started = undefined
    await rm(folder, { recursive: true, force: true })
  })

  const start = async (options: readonly string[], command: readonly string[] = START): Promise<Container> => {
    started = await startContainer(options, command)
    return started
  }
  const mounted = (path = folder) => ['--volume', `${path}:/data`]
  const refused = async (options: readonly string[], command: readonly string[] = START): Promise<string> => {
    const { code, output } = await docker('run', '--rm', ...options, IMAGE as string, ...command)
    expect(code).toBe(1)
    return output
  }

  test('on a folder that Docker made: as user 1000, to whom all of it belongs then', async () => {
    const made = join(folder, 'made-by-docker')
    const container = await start([...mounted(made), ...CONFINED])
    expect(await userOf(container)).toEqual({ user: '1000', group: '1000', capabilities: '0000000000000000' })
    expect(await ownersIn(made)).toEqual(new Set(['1000:1000']))
    expect((await container.healthLog()).at(-1)).toBe('ready\n')
  }, 120_000)

  test('on a folder of an ordinary user: as that user, who can edit the config', async () => {
    await chown(folder, 1234, 2345)
    const container = await start([...mounted(), ...CONFINED])
    expect(await userOf(container)).toMatchObject({ user: '1234', group: '2345' })
    expect(await ownersIn(folder)).toEqual(new Set(['1234:2345']))
  }, 120_000)

  test('on a folder in which everything is root’s, as an older version left it', async () => {
    await start(mounted())
    await started?.remove()
    await docker('run', '--rm', ...mounted(), '--entrypoint', 'chown', IMAGE as string, '-R', '0:0', '.')
    expect(await ownersIn(folder)).toEqual(new Set(['0:0']))
    await start([...mounted(), ...CONFINED], ['serve'])
    expect(await ownersIn(folder)).toEqual(new Set(['1000:1000']))
  }, 120_000)

  test('on a new volume, without any capability', async () => {
    const container = await start(['--user', '1000:1000', '--cap-drop', 'ALL', '--read-only', '--volume', '/data'])
    expect(await userOf(container)).toMatchObject({ user: '1000', capabilities: '0000000000000000' })
  }, 120_000)

  test('a command that root runs in it leaves nothing that the server could not read', async () => {
    const container = await start([...mounted(), ...CONFINED])
    expect(await container.exec('screentrail', 'keygen')).toMatchObject({ code: 0 })
    expect(await container.exec('screentrail', 'simulate', '--sessions', '5')).toMatchObject({ code: 0 })
    expect(await readdir(join(folder, 'keys'))).toContain('flow-private-2.pem')
    expect(await ownersIn(folder)).toEqual(new Set(['1000:1000']))
  }, 120_000)

  test('keys without a config: it keeps them and comes up', async () => {
    await docker('run', '--rm', ...mounted(), IMAGE as string, 'init', '.')
    await rm(join(folder, 'config.yaml'))
    const container = await start([...mounted(), ...CONFINED])
    expect(await container.logs()).toStartWith('Written, as there was no config:\n  config.yaml\n\n')
  }, 120_000)

  test('as somebody who may not write there, one sentence says whose it is and what to do', async () => {
    await chown(folder, 1234, 2345)
    expect(await refused([...mounted(), '--user', '5000'])).toMatch(
      /^screentrail: cannot write to \/data: it belongs to user 1234 \(mode 700\), and this is user 5000; .+--user 1234:2345.+\n$/,
    )
  }, 120_000)

  test('mounted read-only, it says so', async () => {
    expect(await refused(['--volume', `${folder}:/data:ro`])).toBe(
      'screentrail: cannot write to /data: it is on a disk that can only be read; mount it so that it can be written to, too\n',
    )
  }, 120_000)

  test('where it may not change users, it says whom to start it as', async () => {
    await chown(folder, 1234, 2345)
    expect(await refused([...mounted(), '--cap-drop', 'ALL'])).toBe(
      'screentrail: this container may not change users; start it with --user 1234:2345, whom the folder on /data must belong to\n',
    )
  }, 120_000)

  test('in a user namespace, as rootless engines make one, its root is the ordinary user, and stays', async () => {
    await chown(folder, 1234, 2345)
    const options = [
      ...mounted(),
      '--user',
      '1234:2345',
      '--security-opt',
      'seccomp=unconfined',
      '--entrypoint',
      'unshare',
    ]
    const command = ['--map-root-user', 'screentrail', 'init', '.']
    expect(await docker('run', '--rm', ...options, IMAGE as string, ...command)).toMatchObject({ code: 0 })
    expect(await ownersIn(folder)).toEqual(new Set(['1234:2345']))
  }, 120_000)

  test('it has OpenSSL, and tells a scanner which one, though it has no package manager', async () => {
    const container = await start([...mounted(), ...CONFINED])
    const { output } = await container.exec('screentrail', 'doctor')
    expect(output).toMatch(/OpenSSL 3\.\d+\.\d+/)
    const { output: status } = await container.exec('cat', '/var/lib/dpkg/status.d/libssl3')
    expect(status).toMatch(/^Package: libssl3\n.*^Version: 3\.\d+\.\d+/ms)
    expect(await container.exec('apt-get')).toMatchObject({ code: 127 })
  }, 120_000)

  test('without a server, the health check says that nothing listens', async () => {
    expect(await docker('run', '--rm', '--entrypoint', 'health', IMAGE as string)).toEqual({
      code: 1,
      output: 'Nothing listens on port 8080 (yet); the log says why.\n',
    })
  }, 120_000)
})

async function userOf(container: Container) {
  const { output } = await container.exec('cat', '/proc/1/status')
  const value = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(output)?.[1]
  return { user: value('Uid'), group: value('Gid'), capabilities: value('CapEff') }
}

async function ownersIn(folder: string): Promise<Set<string>> {
  const names = await readdir(folder, { recursive: true })
  const owners = ['.', ...names].map(async (name) => {
    const { uid, gid } = await lstat(join(folder, name))
    return `${uid}:${gid}`
  })
  return new Set(await Promise.all(owners))
}
