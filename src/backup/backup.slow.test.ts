// A backup that the server makes of itself.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { configWith, type Running, startApp } from '../../test/kit.ts'
import { logIn } from '../../test/log-in.ts'
import { run } from '../../test/process.ts'
import { storedIds } from '../../test/stored.ts'
import { stepsOf, WALK } from '../../test/walk.ts'
import { DAY_MS } from '../lib/units.ts'
import { runBackup } from './backup.ts'
import { keepDrill, runDrill } from './drill.ts'
import { STORE_COPY } from './names.ts'

let running: Running
beforeEach(async () => {
  running = await startApp({ config: configWith(WALK, 'backup: { schedule: "30 3 * * *" }') })
})
afterEach(() => running.stop())

const comePeople = (count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, person) => {
      for (const { request } of stepsOf(`person ${person}`))
        expect((await running.client.send('walk', request)).status).toBe(200)
    }),
  )

test('is whole, can be drilled at once, and leaves the server the locks on its files', async () => {
  await comePeople(10)
  await running.app.settled()
  const loaded = await running.folder.load()
  const { config } = loaded
  const deps = { folder: config.backup.folder, clock: Date.now, version: packageJson.version }
  const { path, manifest } = await runBackup({ ...deps, config, keep: 7 })
  expect(manifest).toMatchObject({
    format: 1,
    version: packageJson.version,
    store: 'sqlite',
    counts: { events: 70, sessions: 10, waiting: 0 },
    numbers: [{ flow: 'walk', atLeast: { sessions: 10, completed: 10 }, atMost: { sessions: 10, completed: 10 } }],
  })
  expect(await storedIds(`sqlite:${join(path, STORE_COPY)}`)).toEqual(await storedIds(config.store.uri))
  // Looking into the copy has changed it, so this one is no longer as it was made.
  await expect(runDrill({ ...deps, loaded })).rejects.toThrow('is not as the backup was made')
  await runBackup({ ...deps, config, keep: 1 })
  expect((await runDrill({ ...deps, loaded })).differences).toEqual([])

  const other = await run(['restore', path, '--replace'], running.folder.path)
  expect([other.stdout, other.code]).toEqual(['', 1])
  expect(other.stderr).toContain('stop it first')
  await comePeople(10)
  expect(await running.app.ledger()).toMatchObject({ received: 140 })
}, 120_000)

test('the page Data tells of backups, the last drill and how to restore, and warns when the newest is old', async () => {
  await comePeople(2)
  await running.app.settled()
  const loaded = await running.folder.load()
  const { config } = loaded
  const deps = { folder: config.backup.folder, version: packageJson.version }
  const send = (path: string, init: RequestInit = {}) =>
    running.app.handle(new Request(`http://localhost${path}`, init))
  const cookie = await logIn({ app: running.app, send })
  const page = async () =>
    (await (await send('/admin/data', { headers: { cookie } })).text()).replaceAll(/<[^>]+>/g, ' ')
  expect(await page()).toContain('None was ever restored to try it.')

  const old = await runBackup({ ...deps, config, clock: () => Date.now() - 3 * DAY_MS })
  expect(await page()).toContain('The newest backup is 3 d old, and backup.schedule is to make one every 24 h.')
  const { name, path } = await runBackup({ ...deps, config, clock: Date.now })
  const drill = await runDrill({ ...deps, loaded, clock: Date.now })
  await keepDrill(running.app.store, drill)
  const text = await page()
  for (const part of [old.name, name, `${name}: it comes back as it was.`, config.privacy.key])
    expect(text).toContain(part)
  expect(text).toContain(`screentrail restore ${path} --replace --config ${running.folder.config}`)
  expect(text).not.toContain('is to make one every')

  await keepDrill(running.app.store, { ...drill, differences: ['walk has 1 sessions, and had 2'] })
  expect(await page()).toContain('not as it was: walk has 1 sessions, and had 2.')
}, 120_000)

test('two at once do not get in each other’s way', async () => {
  const { config } = await running.folder.load()
  const backup = () => runBackup({ config, folder: config.backup.folder, clock: Date.now, version: 'x' })
  const [first, second] = await Promise.allSettled([backup(), backup()])
  expect(first.status).toBe('fulfilled')
  expect(second.status === 'rejected' && second.reason.message).toContain('another backup or drill is at work')
}, 120_000)
