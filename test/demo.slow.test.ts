// The demo: thirty days that tell a story.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type History, playHistory } from '../src/cli/demo/history.ts'
import { isBalanced } from '../src/journal/ledger.ts'
import { clockOf, dayOf } from '../src/lib/days.ts'
import { createLog } from '../src/lib/log.ts'
import type { QuestionOf, ReportName, ReportOf } from '../src/report/reports.ts'
import { type Folder, makeFolder } from './kit.ts'
import { run, start } from './process.ts'
import { allSessions } from './store-contract/expected.ts'
import { until } from './until.ts'

const FLOW = 'repair-booking'
/** The clocks there were changed on October 25. */
const TIMEZONE = 'Europe/Lisbon'
const NOW = Date.parse('2026-11-20T14:00:00Z')
const HOUR = 3_600_000

/** A history that ends at `NOW`. */
async function play(people: number) {
  const folder: Folder = await makeFolder()
  const stop = new AbortController()
  const options = { folder: folder.path, port: 0, timezone: TIMEZONE, people, seed: 'a test' }
  const history = await playHistory(options, { log: createLog('silent'), signal: stop.signal, real: () => NOW })
  await history.business.app.settled()
  await history.business.app.rolledUp()
  return {
    ...history,
    async close() {
      stop.abort()
      await history.close()
      await folder.remove()
    },
  }
}

const sessionsIn = ({ business }: History) => allSessions(business.app.store)

describe('the thirty days', () => {
  let history: History
  beforeAll(async () => {
    history = await play(1_000)
  }, 120_000)
  afterAll(() => history.close())

  const ask = async <N extends ReportName>(name: N, question: object = {}): Promise<ReportOf<N>> => {
    const { days } = history.story
    const asked = { flow: FLOW, from: days[0], until: days.at(-1), ...question } as unknown as QuestionOf<N>
    const result = await history.business.app.report(name, asked, NOW)
    if (!result.ok) throw new Error(result.message)
    return result.report
  }

  test('are all there, with the answers that people expect, and every event is accounted for', async () => {
    const { total, days } = await ask('trend')
    expect(days).toHaveLength(30)
    for (const { sessions } of days) expect(sessions).toBeGreaterThan(0)
    expect(days.at(-1)?.day).toBe('2026-11-20')
    const { sessions, acknowledged, wrong, unreachable, stuck } = history.totals()
    expect(sessions.started).toBe(total.sessions)
    expect(wrong.count + unreachable.count + stuck.count).toBe(0)
    const ledger = await history.business.app.ledger()
    expect(isBalanced(ledger)).toBe(true)
    expect(ledger).toMatchObject({ stored: acknowledged, waiting: 0, dropped: 0, quarantined: 0 })
  })

  test('are lived at the pace of people, and end now', async () => {
    const sessions = await sessionsIn(history)
    const dwells = sessions.flatMap(({ steps }) => steps.map(({ dwellMs }) => dwellMs ?? 0)).filter((ms) => ms > 0)
    const median = dwells.toSorted((a, b) => a - b)[Math.floor(dwells.length / 2)]
    expect(median).toBeGreaterThan(8_000)
    expect(median).toBeLessThan(30_000)
    expect(Math.min(...sessions.map(({ startedAt }) => startedAt))).toBeGreaterThanOrEqual(history.story.startsAt)
    expect(Math.max(...sessions.map(({ startedAt }) => startedAt))).toBe(NOW)
  })

  test('have few people at night, most in the evening, and fewer on weekends', async () => {
    const sessions = await sessionsIn(history)
    const between = (from: number, until: number) => {
      const clocks = sessions.map(({ startedAt }) => clockOf(startedAt, TIMEZONE))
      return clocks.filter((clock) => clock >= from && clock < until).length / (until - from)
    }
    expect(between(0, 5) * 4).toBeLessThan(between(9, 17))
    expect(between(9, 17)).toBeLessThan(between(18, 21))
    const { days } = await ask('trend')
    const on = (date: string) => days.find(({ day }) => day === date)?.sessions
    expect(on('2026-11-15')).toBeLessThan(on('2026-11-16') as number)
  })

  test('tell that people leave at Date & time who chose an emergency', async () => {
    const { drivers } = await ask('drivers')
    expect(drivers[0]).toMatchObject({
      screen: 'DATE_TIME',
      factor: { kind: 'choice', field: 'service', value: 'emergency' },
    })
    expect(drivers[0]?.ratio).toBeGreaterThan(3)
  })

  test('have two versions, and fewer emergencies leave in the second', async () => {
    const { flows } = await ask('flows')
    const versions = flows[0]?.versions ?? []
    expect(versions).toHaveLength(2)
    const current = history.business.loaded.flows.get(FLOW)?.version
    const completionIn = async (version: string | undefined) => {
      const { total } = await ask('trend', { version, choice: { field: 'service', value: 'emergency' } })
      return total.completion.share as number
    }
    const [before] = versions.map(({ version }) => version).filter((version) => version !== current)
    expect(await completionIn(current)).toBeGreaterThan(2 * (await completionIn(before)))
    const changed = new Set(
      (await sessionsIn(history))
        .filter(({ version }) => version === current)
        .map(({ startedAt }) => dayOf(startedAt, TIMEZONE)),
    )
    expect([...changed].sort()[0]).toBe('2026-11-06')
  })

  test('have one bad evening, on which the API of the time slots failed', async () => {
    const { spikes } = await ask('errors')
    const upstream = spikes.filter(({ category }) => category === 'upstream')
    expect(upstream.length).toBeGreaterThan(0)
    for (const { from, until } of upstream) {
      expect(from).toBeGreaterThanOrEqual(Date.parse('2026-11-16T18:00:00Z'))
      expect(until).toBeLessThanOrEqual(Date.parse('2026-11-16T21:00:00Z'))
    }
    const { breakdown } = await ask('errors', { from: '2026-10-22', until: '2026-11-15' })
    expect(breakdown.upstream).toEqual([])
  })

  test('have a rule that refuses more than any other', async () => {
    const { breakdown } = await ask('errors')
    const [first, second] = breakdown.validation
    expect(first).toMatchObject({ screen: 'CONTACT_INFO', field: 'phone', rule: 'type' })
    expect(first?.n).toBeGreaterThan(2 * (second?.n as number))
  })
})

test('the same seed gives the same history', async () => {
  const lived = async () => {
    const history = await play(60)
    // Who comes in the end walks on in real time.
    const sessions = (await sessionsIn(history)).filter(({ startedAt }) => startedAt < NOW - HOUR)
    await history.close()
    return sessions.map(({ token, startedAt, lastAt, choices, exit, completedAt }) => ({
      ...{ token, startedAt, lastAt, choices, exit, completedAt },
    }))
  }
  const once = await lived()
  expect(once.length).toBeGreaterThan(50)
  expect(await lived()).toEqual(once)
}, 120_000)

describe('the command', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'screentrail-demo-test-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('prints what was recorded and what drives people away, and ends', async () => {
    const { code, stdout } = await run(['demo', '--exit', '--sessions', '300'], folder, { TMPDIR: folder })
    expect(code).toBe(0)
    expect(stdout).toMatch(/Recorded: \d+ events in \d+ sessions of thirty days, \d+ completed/)
    expect(stdout).toContain('Ledger balanced')
    expect(stdout).toMatch(/\d× as likely to leave Date and time after service = emergency \(n = \d+\)\./)
    expect(await readdir(folder)).toEqual([])
  }, 120_000)

  test.each([
    ['while the days pass', ['--sessions', '5000'], 'Thirty days pass now'],
    ['when it has told where to look', ['--sessions', '20'], 'What to look for:'],
  ])(
    'ends with Ctrl-C %s, and leaves nothing behind',
    async (_, args, printed) => {
      const demo = start(['demo', ...args], folder, { TMPDIR: folder })
      await until('it is so far', () => demo.output().includes(printed), 120_000)
      const [base] = /http:\/\/localhost:\d+/.exec(demo.output()) ?? []
      expect((await fetch(`${base}/assets/css/base.css`)).status).toBe(200)
      demo.signal('SIGINT')
      expect(await demo.ended).toBe(0)
      expect(await readdir(folder)).toEqual([])
    },
    60_000,
  )
})
