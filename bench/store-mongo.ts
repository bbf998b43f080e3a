// How fast the MongoDB store takes events in: `MONGODB_URI=mongodb://… bun bench/store-mongo.ts [events]`. It works in a
// database of its own, which it drops.

import mongoose from 'mongoose'
import { sha256 } from '../src/lib/ids.ts'
import { showSize } from '../src/lib/units.ts'
import { openMongoStore } from '../src/store/mongo/mongo.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'
import { eventOf, START } from '../test/arbitrary-events.ts'

const TOTAL = Number(process.argv[2] ?? 50_000)
const BATCH = 500
/** Sessions under way at the same time: their events arrive interleaved, one step of each after the other. */
const AT_ONCE = 1_000
const HOUR = 3_600_000
const SCREENS = ['', 'SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION', SUCCESS]
const STEPS = SCREENS.length - 1

const rules = {
  gapMs: 24 * HOUR,
  repeatWindowMs: 15_000,
  funnel: SCREENS.slice(1, STEPS).map((screen) => [screen]),
  choices: { SERVICE_SELECTION: ['service'] },
}

const server = process.env.MONGODB_URI
if (!server) throw new Error('MONGODB_URI is not set; point it to a server that may be filled with events')
const uri = server.replace(/^(mongodb[^:]*:\/\/[^/?]+)\/?[^?]*/, `$1/screentrail_bench_${process.pid}`)
const store = await openMongoStore(uri)
try {
  const batches = Array.from({ length: Math.ceil(TOTAL / BATCH) }, (_, index) =>
    Array.from({ length: Math.min(BATCH, TOTAL - index * BATCH) }, (_, offset) => eventNumber(index * BATCH + offset)),
  )
  let slowest = 0
  const started = performance.now()
  for (const batch of batches) {
    const before = performance.now()
    await store.record(batch, { flows: {}, otherwise: rules })
    slowest = Math.max(slowest, performance.now() - before)
  }
  const seconds = (performance.now() - started) / 1_000
  console.log(`${Math.round(TOTAL / seconds)} events/s in batches of ${BATCH}, slowest batch ${Math.round(slowest)} ms`)

  const asked = { now: START + TOTAL * 37, lostAfterMs: 24 * HOUR, limit: 50 }
  await timed('totals', () => store.totals(asked.now, asked.lostAfterMs))
  await timed('one page of sessions', () => store.sessions(asked))
  await timed('one timeline', () => store.eventsOf('repair-booking', tokenOf(7)))
  await timed('1,000 events for an export', () => store.events({ limit: 1_000 }))
  const { events, bytes } = await store.totals(asked.now, asked.lostAfterMs)
  console.log(`${events} events, ${showSize(bytes)}`)
} finally {
  await store.close()
  const connection = await mongoose.createConnection(uri).asPromise()
  await connection.dropDatabase()
  await connection.close()
}

function eventNumber(number: number): TrailEvent {
  const step = Math.floor(number / AT_ONCE) % STEPS
  const session = Math.floor(number / (AT_ONCE * STEPS)) * AT_ONCE + (number % AT_ONCE)
  return eventOf({
    id: sha256(`event ${number}`),
    token: tokenOf(session),
    at: START + number * 37,
    action: step === 0 ? 'init' : 'submit',
    screen: SCREENS[step] as string,
    next: SCREENS[step + 1] as string,
    outcome: step === STEPS - 1 ? 'completed' : 'shown',
    input: step === 1 ? { service: session % 3 === 0 ? 'emergency' : 'routine' } : {},
  })
}

function tokenOf(session: number): string {
  return sha256(`token ${session}`).slice(0, 32)
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const before = performance.now()
  await work()
  console.log(`${what}: ${(performance.now() - before).toFixed(1)} ms`)
}
