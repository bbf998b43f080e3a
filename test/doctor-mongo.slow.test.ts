// What `doctor` says of a MongoDB, in a process of its own, while nothing happens that would make the server notice.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readFile, writeFile } from 'node:fs/promises'
import mongoose from 'mongoose'
import type { Check } from '../src/health/check.ts'
import { createLog } from '../src/lib/log.ts'
import { openStore } from '../src/store/open.ts'
import { clientOf, type Folder, makeFolder } from './kit.ts'
import { databaseAt, dropDatabase } from './mongo.ts'
import { run, type Served, serve } from './process.ts'
import { type Breakable, startProxy } from './proxy.ts'
import { mongoUri } from './stores.ts'
import { until } from './until.ts'

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

  const checkOf = async (name: string, port = 1) => {
    const { stdout, stderr } = await run(['doctor', '--json', '--port', String(port)], folder.path)
    expect(stderr).toBe('')
    const { checks } = JSON.parse(stdout) as { checks: readonly Check[] }
    return checks.find((check) => check.name === name)
  }
  const store = (port?: number) => checkOf('store', port)

  test('asks it, and makes nothing there', async () => {
    expect(await store()).toMatchObject({
      verdict: 'ok',
      found: `MongoDB at 127.0.0.1:${proxy.port}/${database} answers: 0 events`,
    })
  })

  test('finds it empty where the ledger says that events went to it, and so does the next start', async () => {
    served = await serve(folder)
    const client = clientOf(fetch, folder, `http://localhost:${served.port}`)
    await client.send('repair-booking', { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'ada' })
    await served.stop()
    expect((await store())?.verdict).toBe('ok')
    await dropDatabase(databaseAt(server.href, database))
    const found = `MongoDB at 127.0.0.1:${proxy.port}/${database} has no events, and nothing says that any were removed, but the ledger of the journal says that 1 event went to the store`
    expect(await store()).toMatchObject({ verdict: 'problem', found })
    served = await serve(folder)
    await until('the log says so', () => served?.output().includes(found) ?? false)
  })

  test('follows the chain of the audit log', async () => {
    const opened = await openStore(databaseAt(server.href, database), createLog('silent'))
    for (const at of [1, 2, 3]) await opened.audit({ at, who: 'ada', what: 'login', detail: '' })
    const hash = (await opened.auditHead())?.hash
    await opened.close()
    expect(await checkOf('audit')).toMatchObject({ verdict: 'ok', values: { number: 3, sha256: hash as string } })

    const connection = await mongoose.createConnection(databaseAt(server.href, database)).asPromise()
    await connection.collection('audits').updateOne({ _id: 2 as never }, { $set: { who: 'eve' } })
    await connection.close()
    expect(await checkOf('audit')).toMatchObject({
      verdict: 'problem',
      found: 'the audit log is not as it was made: entry 2, of 1970-01-01T00:00:00.002Z, was changed or put in',
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
