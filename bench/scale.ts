// What the numbers cost when there is much to count: N events over sixty days through the store's own bulk path, then the
// questions behind each page. `bun bench/scale.ts [--events 1000000] [--store sqlite|mongodb] [--repeat 30]`
// (MongoDB: with MONGODB_URI, in a database of its own, which is dropped.)

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { driversOf, type Factor } from '../src/insight/drivers.ts'
import { frictionOf } from '../src/insight/friction.ts'
import { funnelOf } from '../src/insight/funnel.ts'
import { pathsOf } from '../src/insight/paths.ts'
import { createLog } from '../src/lib/log.ts'
import { showSize } from '../src/lib/units.ts'
import { openStore } from '../src/store/open.ts'
import type { LabelledTally, TallyQuery } from '../src/store/store.ts'
import { CHOICES, DAYS, daysOfPeople, FLOWS, RULEBOOK, SCREENS } from './journeys.ts'
import { quantile } from './load.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    store: { type: 'string', default: 'sqlite' },
    repeat: { type: 'string', default: '30' },
  },
})
const total = Number(values.events)
const repeat = Number(values.repeat)
const folder = mkdtempSync(join(tmpdir(), 'screentrail-scale-'))
const uri =
  values.store === 'sqlite'
    ? `sqlite:${join(folder, 'store.db')}`
    : `${process.env.MONGODB_URI?.replace(/\/+$/, '')}/screentrail_scale_${process.pid}`
const store = await openStore(uri, createLog('warn'))
const start = Date.UTC(2026, 2, 1)
const now = start + DAYS * DAY

const began = performance.now()
let loaded = 0
let token = ''
for (const events of daysOfPeople(total, start)) {
  for (let at = 0; at < events.length; at += 2_000) await store.record(events.slice(at, at + 2_000), RULEBOOK)
  loaded += events.length
  token = events.at(-1)?.token ?? ''
}
const loadSeconds = (performance.now() - began) / 1_000
console.log(
  `${values.store}: ${loaded} events in ${loadSeconds.toFixed(0)} s, ${Math.round(loaded / loadSeconds)} events/s`,
)

const refreshing = performance.now()
while ((await store.refresh()).isBehind);
const refreshMs = performance.now() - refreshing
const totals = await store.totals(now, DAY)
const sessions = totals.endings.completed + totals.endings.lost + totals.endings.open
console.log(
  `rollups of ${sessions} sessions made in ${(refreshMs / 1_000).toFixed(1)} s, ${((refreshMs * 1_000) / sessions).toFixed(1)} µs a session`,
)
console.log(`${showSize(totals.bytes)}, ${(totals.bytes / loaded).toFixed(0)} bytes an event`)

const ask = (query: Pick<TallyQuery, 'spans' | 'detail'>) =>
  store.tallies({ flow: FLOWS[0] as string, now, lostAfterMs: DAY, ...query })
const last = (days: number) => [{ from: now - days * DAY, until: now, label: '' }]
const spansOf = (ms: number, labelOf: (at: number) => string) =>
  Array.from({ length: (30 * DAY) / ms }, (_, index) => now - 30 * DAY + index * ms).map((from) => ({
    from,
    until: from + ms,
    label: labelOf(from),
  }))
const steps = SCREENS.map((screen) => [screen])
const waysIn = (answer: readonly LabelledTally[]) => answer.flatMap(({ asked }) => asked.ways)

const questions: Record<string, () => Promise<unknown>> = {
  'funnel, 30 days': async () => funnelOf(waysIn(await ask({ spans: last(30), detail: 'ways' })), { steps }),
  'funnel, 60 days': async () => funnelOf(waysIn(await ask({ spans: last(60), detail: 'ways' })), { steps }),
  'trend by day, 30 days': () => ask({ spans: spansOf(DAY, String), detail: 'ways' }),
  'friction, 30 days': async () =>
    (await ask({ spans: last(30), detail: 'all' })).map(({ asked }) => frictionOf(asked)),
  'paths, 30 days': async () => pathsOf(waysIn(await ask({ spans: last(30), detail: 'ways' }))),
  'drivers, 30 days': async () => {
    const [all, hours, weekdays] = await Promise.all([
      ask({ spans: last(30), detail: 'all' }),
      ask({ spans: spansOf(HOUR, (at) => String(new Date(at).getUTCHours())), detail: 'ways' }),
      ask({ spans: spansOf(DAY, (at) => String(new Date(at).getUTCDay() || 7)), detail: 'ways' }),
    ])
    const slices = [
      ...hours.map(({ label, asked }) => ({
        factor: { kind: 'hour', hour: Number(label) } as Factor,
        ways: asked.ways,
      })),
      ...weekdays.map(({ label, asked }) => ({
        factor: { kind: 'weekday', weekday: Number(label) } as Factor,
        ways: asked.ways,
      })),
    ]
    return all.map(({ asked }) => driversOf({ choices: CHOICES, all: asked, slices }))
  },
  'totals, for the sessions and health pages': () => store.totals(now, DAY),
  'a page of 50 sessions': () => store.sessions({ now, lostAfterMs: DAY, limit: 50 }),
  'a page of 50 lost sessions of one screen': () =>
    store.sessions({ now, lostAfterMs: DAY, limit: 50, ending: 'lost', exit: 'DATE_TIME' }),
  'the timeline of one session': () => store.eventsOf(FLOWS[0] as string, token),
}
console.log(`\nmilliseconds over ${repeat} askings                  p50      p95`)
for (const [name, question] of Object.entries(questions)) {
  const took: number[] = []
  for (let round = 0; round < repeat; round++) {
    const before = performance.now()
    await question()
    took.push(performance.now() - before)
  }
  took.sort((a, b) => a - b)
  const cells = [0.5, 0.95].map((q) => quantile(took, q).toFixed(1).padStart(9))
  console.log(`${name.padEnd(44)}${cells.join('')}`)
}
await store.close()
rmSync(folder, { recursive: true })
if (values.store !== 'sqlite') {
  const { createConnection } = await import('mongoose')
  const server = await createConnection(uri).asPromise()
  await server.dropDatabase()
  await server.close()
}
