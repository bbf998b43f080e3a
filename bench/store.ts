// How fast the SQLite store takes events in, and what it costs on disk: `bun bench/store.ts [events]`.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../src/lib/ids.ts'
import { showSize } from '../src/lib/units.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'
import type { SessionRulebook } from '../src/trail/session.ts'
import { eventOf, START } from '../test/arbitrary-events.ts'

const TOTAL = Number(process.argv[2] ?? 200_000)
const BATCH = 500
const EVENTS_PER_SESSION = 5
/** Sessions under way at the same time: their events arrive interleaved. */
const AT_ONCE = 1_000
const HOUR = 3_600_000

const SCREENS = ['SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION']
const RULES = { gapMs: 24 * HOUR, repeatWindowMs: 15_000, funnel: SCREENS.map((screen) => [screen]) }
const rulebook: SessionRulebook = {
  flows: { 'repair-booking': { ...RULES, choices: { SERVICE_SELECTION: ['service'], DATE_TIME: ['slot'] } } },
  otherwise: { ...RULES, choices: {} },
}

const INPUTS = [
  (session: number) => ({ service: session % 3 === 0 ? 'emergency' : 'routine' }),
  (session: number) => ({ date: `2026-03-${10 + (session % 18)}`, slot: `slot_${session % 12}` }),
  (session: number) => ({ phone: { $hash: `h:${sha256(`phone ${session}`).slice(0, 22)}` }, note: { $length: 42 } }),
]

const folder = mkdtempSync(join(tmpdir(), 'screentrail-bench-'))
try {
  const store = await openSqliteStore(join(folder, 'store.db'))
  const batches = Array.from({ length: Math.ceil(TOTAL / BATCH) }, (_, index) => batchOf(index * BATCH))
  const started = performance.now()
  let slowest = 0
  for (const batch of batches) {
    const before = performance.now()
    await store.record(batch, rulebook)
    slowest = Math.max(slowest, performance.now() - before)
  }
  const seconds = (performance.now() - started) / 1_000
  await store.close()

  const reopened = await openSqliteStore(join(folder, 'store.db'))
  const { events, endings, bytes } = await reopened.totals(START, 24 * HOUR)
  const asked = { now: START + TOTAL * 37, lostAfterMs: 24 * HOUR, limit: 50 }
  const times = [
    await timed('totals, the first question', () => reopened.totals(asked.now, asked.lostAfterMs)),
    await timed('one page of sessions', () => reopened.sessions(asked)),
    await timed('one page of a flow', () =>
      reopened.sessions({ ...asked, flow: 'repair-booking', ending: 'completed' }),
    ),
    await timed('one page of what is not there', () =>
      reopened.sessions({ ...asked, flow: 'repair-booking', ending: 'lost' }),
    ),
    await timed('one timeline', () => reopened.eventsOf('repair-booking', tokenOf(7))),
    await timed('1,000 events for an export', () => reopened.events({ limit: 1_000 })),
  ]
  await reopened.close()

  console.log(`${events} events in ${Object.values(endings).reduce((a, b) => a + b)} sessions, batches of ${BATCH}`)
  console.log(`${Math.round(events / seconds)} events/s, slowest batch ${Math.round(slowest)} ms`)
  console.log(`${Math.round(bytes / events)} bytes per event (${showSize(bytes)})`)
  for (const line of times) console.log(line)
} finally {
  rmSync(folder, { recursive: true })
}

function batchOf(first: number): TrailEvent[] {
  return Array.from({ length: Math.min(BATCH, TOTAL - first) }, (_, index) => eventNumber(first + index))
}

/** Everyone walks all screens, one in ten is refused once; tokens, ids and inputs are as long as they are in life. */
function eventNumber(number: number): TrailEvent {
  const round = Math.floor(number / (AT_ONCE * EVENTS_PER_SESSION))
  const step = Math.floor(number / AT_ONCE) % EVENTS_PER_SESSION
  const session = round * AT_ONCE + (number % AT_ONCE)
  const base = { id: sha256(`event ${number}`), token: tokenOf(session), at: START + number * 37 }
  const measured = {
    processingMs: (number % 900) / 100 + 1.5,
    upstreamMs: step === 1 ? (number % 40_000) / 100 : 0,
    requestBytes: 500 + (number % 400),
    replyBytes: 300 + (number % 2_000),
  }
  const screen = SCREENS[step - 1] ?? ''
  if (step === 0) return eventOf({ ...base, ...measured, action: 'init', screen: '', next: 'SERVICE_SELECTION' })
  if (step === 4) return eventOf({ ...base, ...measured, screen, next: SUCCESS, outcome: 'completed', input: {} })
  const isRefused = session % 10 === 0 && step === 3
  return eventOf({
    ...base,
    ...measured,
    screen,
    next: isRefused ? screen : (SCREENS[step] ?? ''),
    outcome: isRefused ? 'rejected' : 'shown',
    input: INPUTS[step - 1]?.(session) ?? {},
    errors: isRefused ? [{ code: 'invalid_field', field: 'phone', rule: 'type' }] : [],
  })
}

function tokenOf(session: number): string {
  return sha256(`token ${session}`).slice(0, 32)
}

async function timed(what: string, work: () => Promise<unknown>): Promise<string> {
  const before = performance.now()
  await work()
  return `${what}: ${(performance.now() - before).toFixed(1)} ms`
}
