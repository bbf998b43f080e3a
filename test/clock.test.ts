// The wall clock set back and forward while people are in the middle of a flow.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type App, createApp } from '../src/app.ts'
import { isBalanced } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import type { Session } from '../src/trail/session.ts'
import { type Client, clientOf, configWith, type Folder, makeFolder } from './kit.ts'
import { allEvents, allSessions } from './store-contract/expected.ts'
import { until } from './until.ts'
import { comparable, sessionsFrom, stepsOf, WALK } from './walk.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 2, 2, 12)

let now: number
let folder: Folder
let app: App
let client: Client
beforeEach(() => {
  now = NOON
})
afterEach(async () => {
  await app.stop()
  await folder.remove()
})

const start = async () => {
  app = await createApp(await folder.load(), { log: createLog('silent'), clock: () => now })
  client = clientOf((request) => app.handle(request), folder)
}

const TOKENS = Array.from({ length: 6 }, (_, index) => `person-${index}`)

describe.each([
  ['back by an hour', [-HOUR]],
  ['back by a day', [-24 * HOUR]],
  ['back to 1970', [-NOON]],
  ['forward by an hour, and back again', [HOUR, -HOUR]],
  ['forward by a day and more', [25 * HOUR]],
  ['back and forth at every step', [-HOUR, 2 * HOUR, -25 * HOUR, 30 * HOUR, -6 * HOUR, -1]],
])('when the clock is set %s', (_, jumps) => {
  test.each([
    ['the server goes on', false],
    ['the server is restarted as well', true],
  ])('and %s, everyone is answered, and all is kept and accounted for', async (_, isRestarted) => {
    folder = await makeFolder(configWith(WALK))
    await start()
    const acknowledged: string[] = []
    for (const [index] of stepsOf('').entries()) {
      const jump = jumps[index - 2] ?? 0
      for (const [place, token] of TOKENS.entries()) {
        // In the middle of the step: half of them are before it, half after it.
        if (place === TOKENS.length / 2) now += jump
        now += 700
        const { request, screen } = stepsOf(token)[index] as ReturnType<typeof stepsOf>[number]
        const { status, reply, sealed } = await client.send('walk', request)
        expect({ status, screen: reply?.screen }).toEqual({ status: 200, screen })
        acknowledged.push(sha256(sealed.body))
      }
      if (jump !== 0 && isRestarted) {
        await app.stop()
        await start()
      }
    }

    await app.settled()
    const ledger = await app.ledger()
    expect(isBalanced(ledger)).toBe(true)
    expect(ledger).toMatchObject({ received: acknowledged.length, stored: acknowledged.length, waiting: 0, dropped: 0 })
    const events = await allEvents(app.store)
    expect(events.map(({ id }) => id).sort()).toEqual(acknowledged.sort())
    const sessions = await allSessions(app.store)
    const shuffled = events.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(comparable(sessions)).toEqual(comparable(sessionsFrom(shuffled, await folder.load())))
    for (const session of sessions) expect(badTimes(session)).toEqual([])
    expect(sessions.reduce((sum, session) => sum + session.counts.events, 0)).toBe(acknowledged.length)
  })
})

/** Every duration of a session that is negative, and every instant that comes before what it follows. */
function badTimes({ startedAt, lastAt, completedAt = lastAt, steps }: Session): string[] {
  const found: string[] = []
  const inOrder = (what: string, ...times: number[]) => {
    if (times.some((time, index) => !(time >= (times[index - 1] ?? 0)))) found.push(`${what}: ${times.join(' ')}`)
  }
  inOrder('session', startedAt, completedAt, lastAt)
  let left = startedAt
  for (const { screen, shownAt, leftAt = shownAt, dwellMs, processingMs, upstreamMs } of steps) {
    inOrder(screen, left, shownAt, leftAt)
    for (const duration of [dwellMs, processingMs, upstreamMs]) inOrder(screen, 0, duration)
    left = leftAt
  }
  return found
}

test('an answer of an outside API does not stay fresh because the clock was set back', async () => {
  let asked = 0
  const api = Bun.serve({ port: 0, fetch: () => Response.json(`answer ${++asked}`) })
  const apis = `  apis: { theirs: { url: "${api.url}", cache: 50ms } }`
  folder = await makeFolder(
    configWith(
      `walk:\n  start: A\n  screens: { A: { ask: { theirs: {} }, data: { a: { expr: api.theirs.body } } } }\n${apis}`,
    ),
  )
  await start()
  const init = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'x' }
  const answer = async () => (await client.send('walk', init)).reply?.data as { a: string }
  expect(await answer()).toEqual({ a: 'answer 1' })
  now -= 24 * HOUR
  await until('it is asked again', async () => (await answer()).a !== 'answer 1')
  await api.stop(true)
})
