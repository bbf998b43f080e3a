// What the numbers cost when there is much to count: N events over sixty days through the store's own bulk path, then what the
// pages ask, through the API. The funnel is also computed over the raw events by DuckDB, in turns with ours.
//
//   bun bench/scale.ts [--events 1000000] [--store sqlite|mongodb] [--repeat 30]
//   bun bench/scale.ts --resume <folder> [--repeat 30]
//
// For mongodb, MONGODB_URI names a server; the database is one of its own, and dropped. Ten million events are loaded for over an
// hour there: what a run has loaded that was killed afterwards, `--resume` goes on with. It is in the folder that was named.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type App, createApp } from '../src/app.ts'
import { createLog } from '../src/lib/log.ts'
import { showSize } from '../src/lib/units.ts'
import type { Store } from '../src/store/store.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import { folderAt } from '../test/kit.ts'
import type { StoreWithRollups } from '../test/with-rollups.ts'
import { openEventTable } from './duckdb.ts'
import { DAYS, FLOWS } from './journeys.ts'
import { quantile } from './load.ts'
import {
  DAY,
  type Filled,
  FUNNEL,
  fill,
  makeJourneysFolder,
  NOW,
  OVER_EVENTS,
  openJourneysStore,
  pagesOf,
  TOKEN,
} from './pages.ts'
import { placeAt, placeFor } from './places.ts'
import { sizesOf } from './sizes.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    store: { type: 'string', default: 'sqlite' },
    repeat: { type: 'string', default: '30' },
    resume: { type: 'string' },
  },
})
const repeat = Number(values.repeat)
const isResumed = values.resume !== undefined
const { folder, place } = await (values.resume === undefined ? begin() : resume(values.resume))
const table = await openEventTable(join(folder.path, 'events.duckdb'))
try {
  const session = await prepare()
  const app = await createApp(await folder.load(), { log: createLog('warn'), clock: () => NOW })
  await askPages(app, session)
  await raceFunnels(app)
  await app.stop()
} finally {
  table.close()
  await place.remove()
  await folder.remove()
}

async function begin() {
  const place = placeFor(values.store, 'data/screentrail.db')
  const folder = await makeJourneysFolder(place.uri)
  console.error(`in ${folder.path}`)
  return { folder, place }
}

async function resume(path: string) {
  const folder = await folderAt(path)
  return { folder, place: placeAt((await folder.load()).config.store.uri) }
}

/** Resolves with the id of a session. */
async function prepare(): Promise<string> {
  const store = await openJourneysStore(folder)
  const note = Bun.file(join(folder.path, 'loaded.json'))
  const { loaded, seconds }: Filled = await (isResumed ? note.json() : load(store))
  await note.write(JSON.stringify({ loaded, seconds }))
  const [kind] = place.uri.split(':')
  console.log(`${kind}: ${loaded} events in ${seconds.toFixed(0)} s, ${Math.round(loaded / seconds)} events/s`)
  await rollUp(store, loaded)
  await orTell('the sizes', () => showSizes(loaded))
  const newest = await store.sessions({ now: NOW, lostAfterMs: DAY, limit: 1 })
  await store.close()
  return newest.items[0]?.id ?? ''
}

function load(store: Store): Promise<Filled> {
  let shown = 0
  const onDay = async (events: readonly TrailEvent[], loaded: number) => {
    await table.add(events)
    if (loaded - shown < Number(values.events) / 10) return
    shown = loaded
    console.error(`${loaded} events so far`)
  }
  return fill(folder, store, Number(values.events), { onDay })
}

async function rollUp(store: StoreWithRollups, loaded: number): Promise<void> {
  const refreshing = performance.now()
  while ((await store.refresh()).isStale);
  const ms = performance.now() - refreshing
  console.log(`rollups${isResumed ? ' that were left' : ''}: ${(ms / 1_000).toFixed(1)} s`)
  await orTell('the totals', async () => {
    const { endings, bytes } = await store.totals(NOW, DAY)
    const sessions = endings.completed + endings.lost + endings.open
    console.log(`${sessions} sessions${isResumed ? '' : `, ${showMicros(ms / sessions)} of that for each`}`)
    console.log(`${showSize(bytes)}, ${(bytes / loaded).toFixed(0)} bytes an event`)
  })
}

/** Of what takes at least a tenth of a byte an event; and of the rollups, which do not grow with the events. */
async function showSizes(loaded: number): Promise<void> {
  const sizes = [...(await sizesOf((await folder.load()).config.store.uri))].sort(([, a], [, b]) => b - a)
  for (const [name, bytes] of sizes)
    if (bytes >= loaded / 10)
      console.log(`  ${name.padEnd(20)} ${(bytes / loaded).toFixed(1).padStart(7)} bytes an event`)
  const rollups = sizes.filter(([name]) => /hours|days|parts/i.test(name)).reduce((sum, [, bytes]) => sum + bytes, 0)
  console.log(`rollups: ${showSize(rollups / (FLOWS.length * DAYS))} for each flow and day`)
}

async function askPages(app: App, session: string): Promise<void> {
  console.log(`\n${'milliseconds, over '}${repeat} askings`.padEnd(45), '    p50      p95')
  for (const [name, path] of Object.entries(pagesOf(session)))
    await orTell(name, async () => showTimes(name, await timesOf(() => ask(app, path))))
}

/** After an hour of loading, one thing that fails is no reason to go without the others. */
async function orTell(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

async function raceFunnels(app: App): Promise<void> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < repeat; round++) {
    const told = await timed(ours, () => ask(app, FUNNEL))
    const found = await timed(theirs, () => table.funnel(OVER_EVENTS))
    const { steps, completion } = (told as Funnel).funnel
    const reached = steps.map((step) => step.reached)
    if (!Bun.deepEquals([reached, completion.count], [found.reached, found.completed]))
      throw new Error(`we found ${JSON.stringify([reached, completion])}, and DuckDB ${JSON.stringify(found)}`)
  }
  console.log('\nthe funnel of 30 days')
  showTimes('from rollups, through the API', ours)
  showTimes('over the raw events, by DuckDB', theirs)
  const medians = [ours, theirs].map((times) => quantile(times.toSorted(ascending), 0.5)) as [number, number]
  console.log(`ours is ${(medians[1] / medians[0]).toFixed(1)} times as fast`)
}

type Funnel = {
  readonly funnel: { readonly steps: { readonly reached: number }[]; readonly completion: { readonly count: number } }
}

async function ask(app: App, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${TOKEN}` }
  const reply = await app.handle(new Request(`http://localhost/api/v1${path}`, { headers }))
  const told: unknown = await reply.json()
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${JSON.stringify(told)}`)
  return told
}

async function timesOf(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < repeat; round++) await timed(times, work)
  return times
}

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const before = performance.now()
  const result = await work()
  times.push(performance.now() - before)
  return result
}

function showTimes(name: string, times: readonly number[]): void {
  const sorted = times.toSorted(ascending)
  console.log(name.padEnd(44), ...[0.5, 0.95].map((q) => quantile(sorted, q).toFixed(1).padStart(8)))
}

function showMicros(ms: number): string {
  return `${(ms * 1_000).toFixed(1)} µs`
}

function ascending(a: number, b: number): number {
  return a - b
}
