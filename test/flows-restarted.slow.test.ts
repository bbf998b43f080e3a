// The same walks, with the process killed in the middle of each, and with another one that answers from there on: nobody notices.
// `flows-replicas.slow.test.ts` has both at once, on MongoDB.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type App, createApp } from '../src/app.ts'
import { createLog } from '../src/lib/log.ts'
import { openStore } from '../src/store/open.ts'
import { flowNames, middleOf, playFlow, secretsIn, walksOf, wrongTrails } from './flows-kit.ts'
import { configWith, type Folder, makeFolder } from './kit.ts'
import { type Served, serve } from './process.ts'
import { until } from './until.ts'

setDefaultTimeout(300_000)

type Server = {
  /** Passes a request on. */
  handle(request: Request): Promise<Response>
  /** Ends this one; another one answers the next request. */
  change(): Promise<void>
  stop(): Promise<void>
}

/** A reply waits only for a moment for what the store knows, so that one has to be open. */
const ready = (ask: (path: string) => Promise<Response>) =>
  until('the store is there', async () => (await ask('/ready')).status === 200)

/** Killed, and started again on what it left. */
async function killed(folder: Folder): Promise<Server> {
  let served: Served = await serve(folder)
  return {
    handle: (request) => fetch(new URL(new URL(request.url).pathname, `http://127.0.0.1:${served.port}`), request),
    async change() {
      await served.kill()
      served = await serve(folder)
      await ready((path) => fetch(`http://127.0.0.1:${served.port}${path}`))
    },
    async stop() {
      await served.stop()
    },
  }
}

/** Another process over the same store, with a journal of its own: it has only what the store has. */
async function replaced(folder: Folder): Promise<Server> {
  const start = async () => createApp(await folder.load(), { log: createLog('silent') })
  let app: App = await start()
  return {
    handle: (request) => app.handle(request),
    async change() {
      await app.stop()
      const data = join(folder.path, 'data')
      for (const name of readdirSync(data)) if (name.startsWith('journal.db')) rmSync(join(data, name))
      app = await start()
      await ready((path) => app.handle(new Request(`http://localhost${path}`)))
    },
    stop: () => app.stop(),
  }
}

/** Walks everything, with a change in the middle of each walk. */
async function walkAll(flow: string, kind: (folder: Folder) => Promise<Server>) {
  const folder = await makeFolder()
  const played = await playFlow(flow, folder)
  await writeFile(folder.config, configWith(played.config))
  const server = await kind(folder)
  let left = 0
  const proxy = Bun.serve({
    port: 0,
    async fetch(request) {
      const isLast = --left === 0
      const response = await server.handle(request)
      const body = await response.text()
      if (isLast) await server.change()
      return new Response(body, response)
    },
  })
  try {
    const failures: string[] = []
    for (const walk of walksOf(flow)) {
      left = middleOf(walk)
      const found = await played.walk(walk, folder, `http://127.0.0.1:${proxy.port}`)
      failures.push(...found.map((text) => `${walk.name}: ${text}`))
    }
    await server.stop()
    const store = await openStore((await folder.load()).config.store.uri, createLog('silent'))
    const trails = await wrongTrails(store, flow, folder.path).finally(() => store.close())
    return { failures, trails, secrets: secretsIn(folder) }
  } finally {
    await proxy.stop(true)
    await played.close()
    await folder.remove()
  }
}

const NOTHING_WRONG = { failures: [], trails: [], secrets: [] }

// Each walk takes a start of the product, so only the flow whose sessions have most in them.
test('a cart, by a process that is killed', async () => {
  expect(await walkAll('store-cart', killed)).toEqual(NOTHING_WRONG)
})

describe('by another process over the same store', () => {
  // Three side by side, as most of the time goes into APIs that are slow.
  const results = new Map<string, ReturnType<typeof walkAll>>()
  beforeAll(() => {
    for (const [index, flow] of flowNames.entries()) {
      const before = results.get(flowNames[index - 3] ?? '')
      results.set(
        flow,
        Promise.allSettled([before]).then(() => walkAll(flow, replaced)),
      )
    }
  })
  afterAll(() => Promise.allSettled(results.values()))

  test.each(flowNames)('%s', async (flow) => {
    expect(await results.get(flow)).toEqual(NOTHING_WRONG)
  })
})
