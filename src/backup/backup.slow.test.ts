// A backup that the server makes of itself.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { configWith, type Running, startApp } from '../../test/kit.ts'
import { run } from '../../test/process.ts'
import { storedIds } from '../../test/stored.ts'
import { stepsOf, WALK } from '../../test/walk.ts'
import { runBackup } from './backup.ts'
import { runDrill } from './drill.ts'
import { STORE_COPY } from './names.ts'

let running: Running
beforeEach(async () => {
  running = await startApp({ config: configWith(WALK) })
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
}, 60_000)

test('two at once do not get in each other’s way', async () => {
  const { config } = await running.folder.load()
  const backup = () => runBackup({ config, folder: config.backup.folder, clock: Date.now, version: 'x' })
  const [first, second] = await Promise.allSettled([backup(), backup()])
  expect(first.status).toBe('fulfilled')
  expect(second.status === 'rejected' && second.reason.message).toContain('another backup or drill is at work')
}, 60_000)
