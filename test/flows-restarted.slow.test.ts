// The same walks, with the process killed in the middle of each, and with another one that answers from there on: nobody notices.
// `flows-replicas.slow.test.ts` has both at once, on MongoDB.

import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type App, createApp } from '../src/app.ts'
import { createLog } from '../src/lib/log.ts'
import { openStore } from '../src/store/open.ts'
import {
  flowNames,
  middleOf,
  type PlayedFlow,
  playFlow,
  secretsIn,
  type Walk,
  walksOf,
  wrongTrails,
} from './flows-kit.ts'
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

/** Whoever is to come waits for the last of them; then this is done, and all go on. */
function meeting(count: number, then: () => Promise<void>) {
  let missing = count
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return () => {
    if (--missing === 0) then().then(resolve, reject)
    return promise
  }
}

/**
 * Walks everything. The first walks of all flows go side by side, as each flow has APIs of its own, then the second ones, and so on; when
 * all of them are in the middle, there is a change.
 */
async function walkAll(flows: readonly string[], kind: (folder: Folder) => Promise<Server>) {
  const folder = await makeFolder()
  const played = await Promise.all(flows.map((flow) => playFlow(flow, folder)))
  await writeFile(folder.config, configWith(played.map(({ config }) => config).join('\n')))
  const server = await kind(folder)
  const left = new Map<string, number>()
  let meet = async () => {}
  const proxy = Bun.serve({
    port: 0,
    async fetch(request) {
      const flow = new URL(request.url).pathname.split('/').at(-1) ?? ''
      const more = (left.get(flow) ?? 0) - 1
      left.set(flow, more)
      const response = await server.handle(request)
      const body = await response.text()
      if (more === 0) await meet()
      return new Response(body, response)
    },
  })
  const failures: string[] = []
  const walkOne = async (flow: string, { walk }: PlayedFlow, one: Walk) => {
    left.set(flow, middleOf(one))
    const found = await walk(one, folder, `http://127.0.0.1:${proxy.port}`)
    failures.push(...found.map((text) => `${flow}: ${one.name}: ${text}`))
    // Where it did not come as far, nobody has to wait for it.
    if ((left.get(flow) ?? 0) > 0) void meet()
  }
  try {
    const rounds = Math.max(...flows.map((flow) => walksOf(flow).length))
    for (let round = 0; round < rounds; round++) {
      const walking = flows.flatMap((flow, index) => {
        const one = walksOf(flow)[round]
        return one ? [{ flow, one, own: played[index] as PlayedFlow }] : []
      })
      meet = meeting(walking.length, server.change)
      await Promise.all(walking.map(({ flow, own, one }) => walkOne(flow, own, one)))
    }
    await server.stop()
    const store = await openStore((await folder.load()).config.store.uri, createLog('silent'))
    const trails = new Map<string, Awaited<ReturnType<typeof wrongTrails>>>()
    for (const flow of flows) trails.set(flow, await wrongTrails(store, flow, folder.path))
    await store.close()
    return { failures, trails, secrets: secretsIn(folder) }
  } finally {
    await proxy.stop(true)
    for (const each of played) await each.close()
    await folder.remove()
  }
}

// Each walk takes a start of the product, so only the flow whose sessions have most in them.
test('a cart, by a process that is killed', async () => {
  const { failures, trails, secrets } = await walkAll(['store-cart'], killed)
  expect([failures, trails.get('store-cart'), secrets]).toEqual([[], [], []])
})

describe('by another process over the same store', () => {
  let walked: Awaited<ReturnType<typeof walkAll>>
  beforeAll(async () => {
    walked = await walkAll(flowNames, replaced)
  })

  test.each(flowNames)('%s', (flow) => {
    expect(walked.failures.filter((text) => text.startsWith(`${flow}: `))).toEqual([])
    expect(walked.trails.get(flow)).toEqual([])
  })

  test('nothing that must not be stored is stored', () => expect(walked.secrets).toEqual([]))
})
