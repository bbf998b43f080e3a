import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { until } from '../../test/until.ts'
import { type Journal, openJournal } from '../journal/journal.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { allowScraper } from './metrics-access.ts'
import { metricsRoute } from './route.ts'

let folder: string
let file: string
let journal: Journal
let metrics: Metrics
let now: number
beforeEach(async () => {
  now = START
  folder = await mkdtemp(join(tmpdir(), 'metrics-'))
  file = join(folder, 'journal.db')
  journal = await openJournal({ file, durability: 'process', onCommit: () => {} })
  metrics = createMetrics({ journal, flows: new Map([['repair-booking', {}]]), clock: () => now })
})
afterEach(async () => {
  await journal.close()
  await rm(folder, { recursive: true, force: true })
})

/** The samples by their whole name, labels included. */
async function scrape(): Promise<Record<string, number>> {
  const samples = (await metrics.expose()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(samples.map((line) => [line.replace(/ \S+$/, ''), Number(line.replace(/^.* /, ''))]))
}

const reply = (status: number, ms: number, more: { flow?: string; isPing?: boolean } = {}) =>
  metrics.observeReply({ flow: 'repair-booking', status, ms, isPing: false, ...more })

describe('replies', () => {
  test('are counted by flow and status, health checks also on their own', async () => {
    reply(200, 4)
    reply(200, 3, { isPing: true })
    reply(432, 0.1)
    expect(await scrape()).toMatchObject({
      'screentrail_requests_total{flow="repair-booking",status="200"}': 2,
      'screentrail_requests_total{flow="repair-booking",status="432"}': 1,
      'screentrail_pings_total{flow="repair-booking"}': 1,
    })
  })

  test('put whatever strangers call a flow under one label', async () => {
    for (let index = 0; index < 50; index++) reply(404, 0.1, { flow: `made-up-"${index}"\n` })
    const samples = await scrape()
    expect(samples['screentrail_requests_total{flow="unknown",status="404"}']).toBe(50)
    expect(Object.keys(samples).filter((name) => name.includes('made-up'))).toEqual([])
  })

  test.each([
    ['a screen', 200, {}, 1],
    ['a closed form', 427, {}, 1],
    ['a health check', 200, { isPing: true }, 0],
    ['a bad signature', 432, {}, 0],
    ['an unknown flow', 404, { flow: 'nope' }, 0],
  ])('of %s are timed when a person waited: status %d', async (_, status, more, timed) => {
    reply(status, 30, more)
    const samples = await scrape()
    expect(samples['screentrail_reply_seconds_count{flow="repair-booking"}']).toBe(timed)
    expect(samples['screentrail_reply_seconds_bucket{le="0.025",flow="repair-booking"}']).toBe(0)
    expect(samples['screentrail_reply_seconds_bucket{le="0.05",flow="repair-booking"}']).toBe(timed)
    expect(Object.keys(samples).filter((name) => /^screentrail_reply.*unknown/.test(name))).toEqual([])
  })

  test.each([1, 5, 7, 10])('have a bucket that ends at the %d s Meta looks at', async (seconds) => {
    reply(200, seconds * 1_000)
    const samples = await scrape()
    expect(samples[`screentrail_reply_seconds_bucket{le="${seconds}",flow="repair-booking"}`]).toBe(1)
  })
})

test('incidents are counted by category, from 0 on', async () => {
  metrics.observeIncident('bad_signature')
  metrics.observeIncident('bad_signature')
  expect(await scrape()).toMatchObject({
    'screentrail_incidents_total{category="bad_signature"}': 2,
    'screentrail_incidents_total{category="decrypt_failed"}': 0,
  })
})

describe('the ledger', () => {
  test('is shown as the journal keeps it, scrape after scrape', async () => {
    for (let at = START; at < START + 4; at++) await journal.append(eventOf({ at }))
    const [, second] = await journal.take(2)
    const refused = [{ seq: second?.seq as number, reason: 'at is not a number' }]
    await journal.settle({ through: second?.seq as number, stored: 1, alreadyStored: 0, refused }, now)
    const expected = {
      screentrail_events_received_total: 4,
      screentrail_events_stored_total: 1,
      screentrail_events_repeated_total: 0,
      screentrail_events_waiting: 2,
      screentrail_events_quarantined: 1,
      screentrail_events_dropped_total: 0,
      screentrail_ledger_balanced: 1,
      screentrail_journal_readable: 1,
    }
    expect(await scrape()).toMatchObject(expected)
    expect(await scrape()).toMatchObject(expected)
  })

  test('that does not balance says so', async () => {
    const outside = new Database(file)
    outside.run('UPDATE ledger SET received = 3')
    outside.close()
    expect(await scrape()).toMatchObject({ screentrail_ledger_balanced: 0, screentrail_events_received_total: 3 })
  })

  test('tells how old the oldest waiting entry is', async () => {
    expect(await scrape()).toMatchObject({ screentrail_backlog_age_seconds: 0 })
    await journal.append(eventOf({ at: START }))
    await journal.append(eventOf({ at: START + 60_000 }))
    now = START + 90_500
    expect(await scrape()).toMatchObject({ screentrail_backlog_age_seconds: 90.5 })
  })

  test('is left out, not shown as 0, when the journal does not answer', async () => {
    await journal.close()
    const samples = await scrape()
    expect(samples).toMatchObject({ screentrail_journal_readable: 0 })
    expect(Object.keys(samples).filter((name) => /ledger|events_|backlog/.test(name))).toEqual([])
  })
})

describe('the process', () => {
  test('shows memory and processor time that are really measured', async () => {
    const samples = await scrape()
    expect(samples.process_resident_memory_bytes).toBeGreaterThan(10_000_000)
    expect(samples.nodejs_heap_size_used_bytes).toBeGreaterThan(0)
    expect(samples.process_cpu_seconds_total).toBeGreaterThan(0)
    expect(Math.abs((samples.process_start_time_seconds ?? 0) - performance.timeOrigin / 1_000)).toBeLessThan(1)
  })

  test('shows how long the event loop was blocked, until the next scrape', async () => {
    await scrape()
    const end = performance.now() + 150
    while (performance.now() < end);
    const lag = async () => (await scrape())['screentrail_event_loop_lag_seconds{quantile="1"}'] ?? 0
    let worst = 0
    await until('the block is measured', async () => {
      worst = Math.max(worst, await lag())
      return worst > 0.1
    })
    expect(await lag()).toBeLessThan(worst)
  })
})

describe('GET /metrics', () => {
  const visit = async (route: ReturnType<typeof metricsRoute>, headers: Record<string, string> = {}) => {
    const app = route.listen({ port: 0, hostname: '127.0.0.1' })
    try {
      return await fetch(`http://127.0.0.1:${app.server?.port}/metrics`, { headers })
    } finally {
      await app.stop(true)
    }
  }

  test('answers this machine in the format of Prometheus', async () => {
    const response = await visit(metricsRoute({ metrics }))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toStartWith('text/plain; version=0.0.4')
    expect(await response.text()).toContain('# TYPE screentrail_requests_total counter')
  })

  test('tells whom a proxy on this machine hands on nothing but how to be let in', async () => {
    const response = await visit(metricsRoute({ metrics }), { 'x-forwarded-for': '203.0.113.9' })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('server.metrics_token')
  })

  test('answers whoever has the token', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer long-enough-token' }
    expect((await visit(metricsRoute({ metrics, allow: allowScraper('long-enough-token') }), headers)).status).toBe(200)
  })
})

test('when the newest backup began is told, and 0 where there is none', async () => {
  const flows = new Map()
  const name = 'screentrail_newest_backup_timestamp_seconds'
  expect(await scrape()).not.toHaveProperty(name)
  let at: number | undefined
  metrics = createMetrics({ journal, flows, newestBackupAt: () => at, clock: () => now })
  expect(await scrape()).toHaveProperty(name, 0)
  at = START
  expect(await scrape()).toHaveProperty(name, START / 1_000)
})
