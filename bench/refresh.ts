// How far the rollups fall behind a rush, and what it takes to keep them up: so many events a second by the clock of the events,
// recorded five seconds' worth at a time, with `refresh` after each until nothing is behind.
//
//   [MONGODB_URI=mongodb://127.0.0.1:27017] bun bench/refresh.ts [--store sqlite|mongodb] [--rate 500] [--seconds 600]
//
// The job that keeps them does the same: it looks every five seconds, and rests nine times as long as it works.

import { parseArgs } from 'node:util'
import { rulebookOf } from '../src/config/session-rules.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import { rush } from './journeys.ts'
import { quantile } from './load.ts'
import { makeJourneysFolder, openJourneysStore, START } from './pages.ts'
import { placeFor } from './places.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    rate: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '600' },
  },
})
const [rate, seconds] = [Number(values.rate), Number(values.seconds)]
const TICK_SECONDS = 5
const BATCH = 500
const DUTY = 0.1

const place = placeFor(values.store, 'data/screentrail.db')
const folder = await makeJourneysFolder(place.uri)
const store = await openJourneysStore(folder)
const rulebook = rulebookOf(await folder.load())

const ticks: { readonly recordMs: number; readonly refreshMs: number }[] = []
for (const events of inTicks(rush(rate, seconds, START))) {
  const recording = performance.now()
  for (let at = 0; at < events.length; at += BATCH) await store.record(events.slice(at, at + BATCH), rulebook)
  const refreshing = performance.now()
  while ((await store.refresh()).isStale);
  ticks.push({ recordMs: refreshing - recording, refreshMs: performance.now() - refreshing })
}
await store.close()
await place.remove()
await folder.remove()

// The first minutes are easier than all that follow.
const busy = ticks.slice(Math.floor(ticks.length / 2))
console.log(`${values.store}, ${rate} events/s for ${seconds} s; of every ${TICK_SECONDS} s, in the second half`)
show('recording, ms', (tick) => tick.recordMs)
show('keeping the rollups, ms', (tick) => tick.refreshMs)
show('  share of one core, %', (tick) => tick.refreshMs / TICK_SECONDS / 10)
show('  behind at the most, s', (tick) => TICK_SECONDS + tick.refreshMs / DUTY / 1_000)

function show(what: string, of: (tick: (typeof ticks)[number]) => number): void {
  const sorted = busy.map(of).sort((a, b) => a - b)
  const cells = [0.5, 0.95, 1].map(
    (q) => `${q === 1 ? 'max' : `p${q * 100}`} ${quantile(sorted, q).toFixed(1).padStart(8)}`,
  )
  console.log(`  ${what.padEnd(26)} ${cells.join('   ')}`)
}

function* inTicks(events: readonly TrailEvent[]): Generator<TrailEvent[]> {
  const byTick = Map.groupBy(events, ({ at }) => Math.floor((at - START) / (TICK_SECONDS * 1_000)))
  for (const tick of [...byTick.keys()].sort((a, b) => a - b)) yield byTick.get(tick) as TrailEvent[]
}
