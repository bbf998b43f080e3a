// The nights in which clocks change, on a machine that lives in that time zone.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventOf } from '../../test/arbitrary-events.ts'
import { ALL_EVENTS, expectedAggregates, sortedAggregates } from '../../test/store-contract/event-rollups.ts'
import { allEvents, expectedSessions, RULES } from '../../test/store-contract/expected.ts'
import { ALL, expectedStatistics, refreshAll, sortedStatistics } from '../../test/store-contract/session-rollups.ts'
import { type StoreWithRollups, withRollups } from '../../test/with-rollups.ts'
import { dayBounds, dayPlus } from '../lib/days.ts'
import { createLog } from '../lib/log.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../lib/units.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import { removeOldData } from './remove-old-data.ts'
import { createScheduler } from './scheduler.ts'

const NIGHTS = [
  ['Europe/Lisbon', '2026-03-29', 23],
  ['Europe/Lisbon', '2026-10-25', 25],
  // Its midnight never came.
  ['America/Sao_Paulo', '2018-11-04', 23],
  ['America/Sao_Paulo', '2018-02-17', 25],
  ['UTC', '2026-06-01', 24],
] as const

let folder: string
let store: StoreWithRollups
const machine = process.env.TZ
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'screentrail-nights-'))
  store = withRollups(await openSqliteQueryStore(join(folder, 'store.db')))
})
afterEach(async () => {
  if (machine === undefined) delete process.env.TZ
  else process.env.TZ = machine
  await store.close()
  rmSync(folder, { recursive: true })
})

describe.each(NIGHTS)('%s, %s', (timezone, day, hours) => {
  const { from, until } = dayBounds(day, timezone) as { from: number; until: number }

  test('each time of a job comes once, and in order', async () => {
    process.env.TZ = timezone
    let now = from - 2 * HOUR_MS
    const runs: { readonly [name: string]: number[] } = { hourly: [], nightly: [] }
    const jobs = Object.entries({ hourly: '30 * * * *', nightly: '30 1 * * *' }).map(([name, cron]) => ({
      name,
      cron,
      does: '',
      run: async () => {
        runs[name]?.push(now)
        return { rows: 0, text: '' }
      },
    }))
    const me = { host: 'here', process: 1 }
    const log = createLog('silent')
    const scheduler = createScheduler({ jobs, store, clock: () => now, me, isGone: () => false, log })
    for (; now < until + DAY_MS; now += 10 * MINUTE_MS) await scheduler.runDue()
    await scheduler.stop()
    expect(until - from).toBe(hours * HOUR_MS)
    const seen = { hourly: HOUR_MS, nightly: DAY_MS }
    for (const [name, every] of Object.entries(seen)) {
      const times = runs[name] ?? []
      expect(times.length).toBeGreaterThanOrEqual(Math.floor((until + DAY_MS - from) / every))
      for (const [index, at] of times.entries()) if (index > 0) expect(at - (times[index - 1] as number)).toBe(every)
    }
  })

  test('retention leaves every day of that time zone the numbers that it had', async () => {
    process.env.TZ = timezone
    const events = Array.from({ length: 3 * 24 * 3 }, (_, index) =>
      eventOf({ token: `person ${index}`, at: from - DAY_MS + index * 20 * MINUTE_MS }),
    )
    for (let at = 0; at < events.length; at += 100) await store.record(events.slice(at, at + 100), RULES)
    await refreshAll(store)
    const spans = [-1, 0, 1].map((days) => {
      const label = dayPlus(day, days)
      return { label, ...(dayBounds(label, timezone) as { from: number; until: number }) }
    })
    const now = until + 30 * DAY_MS
    const result = await removeOldData(
      {
        ages: { events: 2 * DAY_MS, sessions: 2 * DAY_MS },
        store,
        rollups: store,
        rules: RULES,
        timezone,
        clock: () => now,
        stopwatch: () => 0,
        wait: async () => {},
      },
      { report: () => {}, signal: new AbortController().signal },
    )
    expect([result.rows, await allEvents(store)]).toEqual([2 * events.length, []])
    const ofEvents = { ...ALL_EVENTS, spans }
    expect(sortedAggregates(await store.eventAggregates(ofEvents))).toEqual(expectedAggregates(events, ofEvents))
    const ofSessions = { ...ALL, spans, now }
    expect(sortedStatistics(await store.sessionStatistics(ofSessions))).toEqual(
      expectedStatistics(expectedSessions(events), ofSessions),
    )
  })
})
