// People who fill in forms, while somebody keeps asking for the numbers: what the one costs the other.

import type { Folder } from '../test/kit.ts'
import { serve } from '../test/process.ts'
import { median, openLoop, quantile } from './load.ts'
import { DAY, fill, makeJourneysFolder, openJourneysStore, START } from './pages.ts'
import { crowd, people, prepare } from './people.ts'
import { placeFor } from './places.ts'

/** A server whose store has about so many events, of sixty days from `start` on. */
export async function serveJourneys(storeName: string, events: number, start = START) {
  const place = placeFor(storeName, 'data/screentrail.db')
  const folder = await makeJourneysFolder(place.uri)
  const store = await openJourneysStore(folder)
  await fill(folder, store, events, { start })
  while ((await store.refresh()).isStale);
  await store.close()
  const remove = async () => {
    await place.remove()
    await folder.remove()
  }
  return serveFilled(folder, remove)
}

/** A server over a folder that was filled before. */
export async function serveFilled(folder: Folder, removeFolder = async () => {}) {
  const store = await openJourneysStore(folder)
  const { events } = await store.totals(Date.now(), DAY)
  const [session] = (await store.sessions({ now: Date.now(), lostAfterMs: DAY, limit: 1 })).items
  await store.close()
  const served = await serve(folder)
  return {
    folder,
    served,
    loaded: events,
    /** The id of one. */
    session: session?.id ?? '',
    async remove() {
      await served.stop()
      await removeFolder()
    },
  }
}

type Served = Awaited<ReturnType<typeof serveFilled>>

export type Rounds = { readonly rounds: number; readonly seconds: number; readonly rate: number }

/** Work that goes on until it is stopped. */
export type Work = { stop(): Promise<unknown> }

/** Rounds alternate: the load alone, then the same load beside the work. Prints p99 of both. `name`: of the work. */
export async function compareBeside(
  { folder, served }: Pick<Served, 'folder' | 'served'>,
  { rounds, seconds, rate }: Rounds,
  name: string,
  startWork: () => Work,
): Promise<void> {
  const requests = crowd(people(folder), 1_000)
  const load = async (forSeconds: number) => {
    const { sorted, failed } = await openLoop(served.port, prepare(requests, forSeconds * rate), rate)
    if (failed > 0) throw new Error(`${failed} requests were not answered with 200`)
    return quantile(sorted, 0.99)
  }
  await load(10)
  const alone: number[] = []
  const beside: number[] = []
  for (let round = 0; round < rounds; round++) {
    alone.push(await load(seconds))
    const work = startWork()
    beside.push(await load(seconds))
    await work.stop()
  }
  console.log(`\np99 of the endpoint at ${rate} requests/s, ${rounds} rounds of ${seconds} s, milliseconds`)
  console.log(`  ${'alone'.padEnd(20)}${show(alone)}   median ${median(alone).toFixed(2)}`)
  console.log(`  ${`beside ${name}`.padEnd(20)}${show(beside)}   median ${median(beside).toFixed(2)}`)
  console.log(`  ${'ratio'.padEnd(20)}${(median(beside) / median(alone)).toFixed(2)}   (budget: 2 or less)`)
}

/** Asks without a pause. */
export function keepAsking(ask: (count: number) => Promise<unknown>): Work {
  let isOver = false
  const loop = async () => {
    for (let count = 0; !isOver; count++) await ask(count)
  }
  const running = loop()
  return {
    stop: () => {
      isOver = true
      return running
    },
  }
}

const show = (times: readonly number[]) => times.map((ms) => ms.toFixed(2)).join('  ')
