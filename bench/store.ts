// How fast a store takes events in, what they cost on disk, and how long it takes to answer then.
//
//   bun bench/store.ts [--store sqlite|mongodb] [--events 200000]
//
// For mongodb, MONGODB_URI names a server; the database is one of its own, and dropped.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createLog } from '../src/lib/log.ts'
import { showSize } from '../src/lib/units.ts'
import { openStore } from '../src/store/open.ts'
import { batchesOf, instantAfter, RULEBOOK, tokenOf } from './events.ts'
import { placeFor } from './places.ts'

const { values } = parseArgs({
  options: { store: { type: 'string', default: 'sqlite' }, events: { type: 'string', default: '200000' } },
})
const total = Number(values.events)
const BATCH = 500

const folder = await mkdtemp(join(tmpdir(), 'screentrail-bench-'))
const place = placeFor(values.store, join(folder, 'store.db'))
try {
  const store = await openStore(place.uri, createLog('warn'))
  const batches = [...batchesOf(BATCH, total)]
  const started = performance.now()
  let slowest = 0
  for (const batch of batches) {
    const before = performance.now()
    await store.record(batch, RULEBOOK)
    slowest = Math.max(slowest, performance.now() - before)
  }
  const seconds = (performance.now() - started) / 1_000
  await store.close()

  const reopened = await openStore(place.uri, createLog('warn'))
  const asked = { now: instantAfter(total), lostAfterMs: 86_400_000, limit: 50 }
  const flow = 'repair-booking'
  const times = [
    await timed('totals, the first question', () => reopened.totals(asked.now, asked.lostAfterMs)),
    await timed('one page of sessions', () => reopened.sessions(asked)),
    await timed('one page of a flow', () => reopened.sessions({ ...asked, flow, ending: 'completed' })),
    await timed('one page of what is not there', () => reopened.sessions({ ...asked, flow, ending: 'lost' })),
    await timed('one timeline', () => reopened.eventsOf(flow, tokenOf(7))),
    await timed('1,000 events for an export', () => reopened.events({ limit: 1_000 })),
  ]
  const { events, endings, bytes } = await reopened.totals(asked.now, asked.lostAfterMs)
  await reopened.close()

  console.log(`${events} events in ${Object.values(endings).reduce((a, b) => a + b)} sessions, batches of ${BATCH}`)
  console.log(`${Math.round(events / seconds)} events/s, slowest batch ${Math.round(slowest)} ms`)
  console.log(`${Math.round(bytes / events)} bytes per event (${showSize(bytes)})`)
  for (const line of times) console.log(line)
} finally {
  await place.remove()
  await rm(folder, { recursive: true })
}

async function timed(what: string, work: () => Promise<unknown>): Promise<string> {
  const before = performance.now()
  await work()
  return `${what}: ${(performance.now() - before).toFixed(1)} ms`
}
