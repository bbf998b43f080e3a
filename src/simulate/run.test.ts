import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { type Running, startApp } from '../../test/kit.ts'
import type { Flow } from '../flow/definition.ts'
import { sha256 } from '../lib/ids.ts'
import type { Session } from '../trail/session.ts'
import { loadProfile } from './load-profile.ts'
import { type Profile, parseProfile } from './profile.ts'
import { type SimulateDeps, type SimulateOptions, simulate } from './run.ts'

let running: Running
let flow: Flow
let url = ''
beforeAll(async () => {
  running = await startApp()
  flow = (await running.folder.load()).flows.get('repair-booking') as Flow
  url = `http://localhost:${await running.app.listen(0)}/flows/repair-booking`
})
afterAll(() => running.stop())

const RESTLESS = { leave: [{ chance: 0.02 }], invalid: 0.3, double_tap: 0.3, back: 0.2, reopen: 0.1, client_error: 0.1 }

function profileOf(content: unknown): Profile {
  const parsed = parseProfile(content, flow)
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  return parsed.profile
}

const run = (options: Partial<SimulateOptions> & { run: string }, deps: Partial<SimulateDeps> = {}) =>
  simulate(
    {
      flow,
      url,
      publicKey: running.folder.publicKey,
      appSecret: running.folder.appSecret,
      profile: profileOf(RESTLESS),
      timezone: 'UTC',
      sessions: 30,
      concurrency: 8,
      seed: 'seed',
      pace: 0,
      ...options,
    },
    { fetch, now: Date.now, sleep: async () => {}, ...deps },
  )

/** The sessions that a run left in the store. */
async function sessionsOf(name: string, sessions: number): Promise<readonly Session[]> {
  await running.app.settled()
  const tokens = Array.from({ length: sessions }, (_, index) => ({ flow: flow.key, token: `sim-${name}-${index + 1}` }))
  return running.app.store.sessionsOf(tokens)
}

/** A clock that moves only while somebody sleeps. */
function sleepyClock() {
  const startedAt = Date.now()
  let now = startedAt
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
    slept: () => now - startedAt,
  }
}

describe('people walking a flow of the real endpoint', () => {
  test.each(['3.0', '4.0'])('get right answers under data API %s, and each one is on the trail', async (data_api) => {
    const name = `all${data_api[0]}`
    const ids: string[] = []
    const report = await run(
      { run: name, profile: profileOf({ ...RESTLESS, data_api }) },
      { onReply: ({ kind, body }) => kind !== 'ping' && ids.push(sha256(body)) },
    )
    expect([report.wrong, report.unreachable, report.stuck]).toEqual(Array(3).fill({ count: 0, first: [] }))
    for (const count of Object.values(report.requests)) expect(count).toBeGreaterThan(0)

    const sessions = await sessionsOf(name, 30)
    const events = await Promise.all(sessions.map(({ token }) => running.app.store.eventsOf(flow.key, token)))
    expect(ids).toHaveLength(report.acknowledged)
    expect(
      events
        .flat()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids.sort())
    expect(sessions).toHaveLength(30)
    expect(sessions.filter(({ completedAt }) => completedAt !== undefined)).toHaveLength(report.sessions.completed)
  })

  test('decide alike for the same seed, whoever they are and however many come at once', async () => {
    const first = await run({ run: 'alike1', sessions: 12, concurrency: 1 })
    const second = await run({ run: 'alike2', sessions: 12, concurrency: 8 })
    const other = await run({ run: 'alike3', sessions: 12, seed: 'another' })
    expect([second.sessions, second.requests]).toEqual([first.sessions, first.requests])
    expect(other.requests).not.toEqual(first.requests)

    const paths = async (name: string) =>
      (await sessionsOf(name, 12))
        .map(({ token, steps, choices }) => [
          Number(token.split('-').at(-1)),
          steps.map(({ screen }) => screen),
          choices,
        ])
        .sort(([a], [b]) => Number(a) - Number(b))
    expect(await paths('alike2')).toEqual(await paths('alike1'))
  })

  test('leave where their profile says', async () => {
    const loaded = await loadProfile(join(import.meta.dir, '../../flows/repair-booking.profile.yaml'), flow)
    if (!loaded.ok) throw new Error(loaded.mistakes[0]?.message)
    await run({ run: 'leave', sessions: 80, profile: loaded.profile })

    const sessions = await sessionsOf('leave', 80)
    const shareLeaving = (service: string) => {
      const choosing = sessions.filter(({ choices }) => choices.service === service)
      const leaving = choosing.filter(({ exit, completedAt }) => exit === 'DATE_TIME' && completedAt === undefined)
      return leaving.length / choosing.length
    }
    expect(shareLeaving('emergency')).toBeGreaterThan(0.7)
    expect(shareLeaving('routine')).toBeLessThan(0.2)
  })

  test('leave over what a screen shows them', async () => {
    const leave = [{ screen: 'DATE_TIME', when: "'asap' in data.slots.id", chance: 1 }, { chance: 0 }]
    await run({ run: 'shown', sessions: 20, profile: profileOf({ leave, client_error: 0 }) })
    const sessions = await sessionsOf('shown', 20)
    const left = sessions.filter(({ completedAt }) => completedAt === undefined)
    expect(left).toEqual(sessions.filter(({ choices }) => choices.service === 'emergency'))
  })

  test('make the mistakes that their profile says, and correct them', async () => {
    const profile = profileOf({ leave: [], invalid: 0, mistakes: { phone: { 'after 6 pm': 0.5 } } })
    const report = await run({ run: 'mistaken', sessions: 20, profile })
    expect(report.sessions.completed).toBe(20)
    expect(report.wrong).toEqual({ count: 0, first: [] })
    const events = await Promise.all(
      (await sessionsOf('mistaken', 20)).map(({ token }) => running.app.store.eventsOf(flow.key, token)),
    )
    const refused = events.flat().flatMap(({ errors }) => errors.filter(({ field }) => field !== undefined))
    expect(new Set(refused.map(({ field, rule }) => `${field} ${rule}`))).toEqual(new Set(['phone type']))
    expect(refused.length).toBeGreaterThan(5)
  })

  test('are refused with the wrong app secret, and say so', async () => {
    const report = await run({ run: 'forged', appSecret: 'not it', sessions: 2 })
    expect(report.statuses).toEqual({ 432: 3 })
    expect(report.acknowledged).toBe(0)
    expect(report.wrong.first[0]).toContain('status 432')
  })

  test('come at the rate that is asked for', async () => {
    const clock = sleepyClock()
    await run({ run: 'rate', sessions: 10, rate: 2, concurrency: 1 }, clock)
    expect(clock.slept()).toBeCloseTo(4_500, -1)
  })

  test('take their time when they are to be human', async () => {
    const calm = profileOf({ leave: [], invalid: 0, double_tap: 0, back: 0, reopen: 0, client_error: 0, pace: 10 })
    const slept = async (name: string, pace: number) => {
      const clock = sleepyClock()
      await run({ run: name, profile: calm, sessions: 15, concurrency: 1, pace }, clock)
      return clock.slept()
    }
    const human = await slept('human', 1)
    expect(human / (15 * 4)).toBeGreaterThan(8_000)
    expect(human / (15 * 4)).toBeLessThan(16_000)
    expect(await slept('hasty', 0.05)).toBeCloseTo(human * 0.05, -2)
    expect(await slept('flat', 0)).toBe(0)
  })

  test('stop where they are when the run is ended', async () => {
    const stop = new AbortController()
    const report = await run(
      { run: 'stop', sessions: 5_000 },
      { signal: stop.signal, onProgress: ({ finished }) => finished === 5 && stop.abort() },
    )
    const { started, completed, left, stopped } = report.sessions
    expect(started).toBeLessThan(50)
    expect(stopped).toBeGreaterThan(0)
    expect(completed + left + stopped).toBe(started)
    expect(report.wrong.count + report.unreachable.count).toBe(0)
  })
})
