// What `doctor` says of a MongoDB, in a process of its own, while nothing happens that would make the server notice.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readFile, writeFile } from 'node:fs/promises'
import type { Check } from '../src/health/check.ts'
import { type Folder, makeFolder } from './kit.ts'
import { databaseAt, dropDatabase } from './mongo.ts'
import { run, type Served, serve } from './process.ts'
import { type Breakable, startProxy } from './proxy.ts'
import { mongoUri } from './stores.ts'

describe.skipIf(mongoUri === undefined)('doctor', () => {
  const server = new URL(mongoUri ?? 'mongodb://127.0.0.1')
  const database = `screentrail-${crypto.randomUUID()}`
  let proxy: Breakable
  let folder: Folder
  let served: Served | undefined
  beforeEach(async () => {
    proxy = await startProxy({ host: server.hostname, port: Number(server.port || 27017) })
    folder = await makeFolder(undefined, `mongodb://127.0.0.1:${proxy.port}/${database}`)
  })
  afterEach(async () => {
    await served?.kill()
    await proxy.close()
    await folder.remove()
    await dropDatabase(databaseAt(server.href, database))
  })

  const store = async (port = 1) => {
    const { stdout, stderr } = await run(['doctor', '--json', '--port', String(port)], folder.path)
    expect(stderr).toBe('')
    const { checks } = JSON.parse(stdout) as { checks: readonly Check[] }
    return checks.find((check) => check.name === 'store')
  }

  test('asks it, and makes nothing there', async () => {
    expect(await store()).toMatchObject({
      verdict: 'ok',
      found: `MongoDB at 127.0.0.1:${proxy.port}/${database} answers: 0 events`,
    })
  })

  test.each(['refuse', 'hang'] as const)(
    'sees that it went away (%s) while the server had nothing for it',
    async (mode) => {
      served = await serve(folder)
      expect((await store(served.port))?.verdict).toBe('ok')
      await proxy.set(mode)
      expect(await store(served.port)).toMatchObject({
        verdict: 'problem',
        found: expect.stringMatching(/^cannot reach MongoDB at 127\.0\.0\.1:\d+\/\S+ \(.+\); check that it runs/),
      })
      expect((await fetch(`http://localhost:${served.port}/ready`)).status).toBe(200)
    },
  )

  test('names no user and no password', async () => {
    const config = await readFile(folder.config, 'utf8')
    await writeFile(folder.config, config.replace('mongodb://', 'mongodb://lovelace:pa%40ssw0rd@'))
    await proxy.set('refuse')
    const found = JSON.stringify(await store())
    expect(found).toContain('cannot reach MongoDB')
    expect(found).not.toMatch(/lovelace|ssw0rd/)
  })
})
