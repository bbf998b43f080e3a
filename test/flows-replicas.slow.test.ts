// The same walks, answered by two processes over one MongoDB: the other one answers from the middle of each walk on. In the two longest walks
// of each flow, the first one is killed there. Nobody notices.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog } from '../src/lib/log.ts'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
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
import { metricsOf } from './metrics.ts'
import { databaseAt, dropDatabase } from './mongo.ts'
import { type Served, serve } from './process.ts'
import { mongoUri } from './stores.ts'
import { until } from './until.ts'

setDefaultTimeout(300_000)

/** Each flow stands in the config so often, with APIs of its own each time, so that as many of its walks go side by side. */
const LANES = 2

/** A kill takes a start of the product, so only in the first so many rounds. FLOW_KILLS asks for more of them; 99 is each walk. */
const KILLS = Number(Bun.env.FLOW_KILLS ?? 1)

type Lane = {
  readonly flow: string
  readonly key: string
  readonly played: PlayedFlow
  readonly walks: readonly Walk[]
}

type Replica = { readonly folder: Folder; served: Served }

const byLength = (a: Walk, b: Walk): number => b.steps.length - a.steps.length

/** The middle of walks that go side by side: who comes there waits for the others, and then they go on one by one. */
function createMiddle(walkers: number, change: () => Promise<void>) {
  let missing = walkers
  const { promise: changed, resolve, reject } = Promise.withResolvers<void>()
  let turn: Promise<void> = changed
  return {
    changed,
    arrive() {
      if (--missing === 0) change().then(resolve, reject)
    },
    /** `wentOn`: until then, nobody else goes on. */
    async pass(wentOn: Promise<void>) {
      const before = turn
      turn = before.then(() => wentOn)
      await before
    },
  }
}

type Middle = ReturnType<typeof createMiddle>

describe.skipIf(mongoUri === undefined)('by two processes over one MongoDB, one of which is killed', () => {
  const uri = databaseAt(mongoUri ?? 'mongodb://127.0.0.1', `screentrail-${crypto.randomUUID()}`)
  // What a killed process had answered survives it without a disk that is waited for.
  const more = `store: { uri: "${uri}" }\njournal: { durability: process }`
  const lanes: Lane[] = []
  const replicas: Replica[] = []
  const failures: string[] = []
  let store: Store

  beforeAll(async () => {
    const folders = [await makeFolder(), await makeFolder()]
    const [{ path }] = folders as [Folder, Folder]
    for (const flow of flowNames)
      for (let lane = 0; lane < LANES; lane++) {
        const key = `${flow}-${lane}`
        const walks = walksOf(flow)
          .sort(byLength)
          .filter((_, index) => index % LANES === lane)
        lanes.push({ flow, key, walks, played: await playFlow(flow, folders[0] as Folder, undefined, key) })
      }
    const config = configWith(lanes.map(({ played }) => played.config).join('\n'), more)
    for (const folder of folders) {
      if (folder.path !== path) await cp(join(path, 'keys'), join(folder.path, 'keys'), { recursive: true })
      await writeFile(folder.config, config)
      replicas.push({ folder, served: await serve(folder) })
    }
    store = await openStore(uri, createLog('silent'))
    const rounds = Math.max(...lanes.map(({ walks }) => walks.length))
    for (let round = 0; round < rounds; round++) await walkRound(round)
    for (const { served } of replicas) expect(await served.stop()).toBe(0)
  })
  afterAll(async () => {
    for (const { served } of replicas) await served.kill()
    for (const { played } of lanes) await played.close()
    for (const { folder } of replicas) await folder.remove()
    await store?.close()
    if (mongoUri !== undefined) await dropDatabase(uri)
  })

  /** One walk of each lane. Who is killed comes back; when it has handed over what it had answered, the other one answers. */
  async function walkRound(round: number) {
    const walkers = lanes.flatMap(({ walks, ...lane }) => (walks[round] ? [{ ...lane, walk: walks[round] }] : []))
    const [first, second] = (round % 2 === 0 ? replicas : replicas.toReversed()) as [Replica, Replica]
    const middle = createMiddle(walkers.length, async () => {
      if (round < KILLS) {
        await first.served.kill()
        first.served = await serve(first.folder)
      }
      const { port } = first.served
      await until('all is handed over', async () => (await metricsOf(port))('events_waiting') === 0)
    })
    await Promise.all([middle.changed, ...walkers.map((walker) => walkOne(walker, middle, first, second))])
  }

  async function walkOne(
    { played, key, walk }: Omit<Lane, 'walks'> & { readonly walk: Walk },
    middle: Middle,
    first: Replica,
    second: Replica,
  ) {
    const last = middleOf(walk)
    // Both have the keys of the first.
    const [{ folder: keys }] = replicas as [Replica]
    const { promise: wentOn, resolve: goOn } = Promise.withResolvers<void>()
    let sent = 0
    const proxy = Bun.serve({
      port: 0,
      idleTimeout: 0,
      async fetch(request) {
        const number = ++sent
        const { served } = number <= last ? first : second
        const response = await fetch(new URL(new URL(request.url).pathname, `http://127.0.0.1:${served.port}`), request)
        const body = await response.arrayBuffer()
        if (number === last) {
          middle.arrive()
          await middle.pass(wentOn)
        } else if (number > last) goOn()
        return new Response(body, response)
      },
    })
    try {
      const found = await played.walk(walk, keys, `http://127.0.0.1:${proxy.port}`)
      failures.push(...found.map((text) => `${key}: ${walk.name}: ${text}`))
    } finally {
      goOn()
      if (sent < last) middle.arrive()
      await proxy.stop(true)
    }
  }

  test('nobody notices', () => expect(failures).toEqual([]))

  test.each(flowNames)('the trail of %s tells each walk as it was', async (flow) => {
    const keys = lanes.filter((lane) => lane.flow === flow).map(({ key }) => key)
    expect(await wrongTrails(store, flow, (replicas[0] as Replica).folder.path, keys)).toEqual([])
  })

  test('no file has what must not be stored', () => {
    for (const { folder } of replicas) expect(secretsIn(folder)).toEqual([])
  })
})
