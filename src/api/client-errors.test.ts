import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, ofPage, startApi } from '../../test/api-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { page } from '../../test/numbers-page.ts'
import type { TrailEvent } from '../trail/event.ts'
import { funnelResource } from './funnel.ts'
import { frictionResource, pathsResource, trendResource } from './resources.ts'
import { sessionsResource } from './sessions.ts'

const opening = { action: 'init', screen: '', next: 'SERVICE' } as const
const toDate = { screen: 'SERVICE', next: 'DATE' } as const
const errorOn = (screen: string, code: string) =>
  ({ action: 'client_error', screen, next: '', outcome: 'acknowledged', errors: [{ code: `client:${code}` }] }) as const

/** The phone names the screen it was on before, the one that was sent, one it never was on, and none. */
const PEOPLE: readonly (readonly Partial<TrailEvent>[])[] = [
  [opening, toDate, errorOn('SERVICE', 'a')],
  [opening, toDate, errorOn('DATE', 'b')],
  [opening, toDate, errorOn('HELP', 'c')],
  [opening, errorOn('', 'd')],
  [errorOn('SERVICE', 'e')],
]

let api: Api
beforeAll(async () => {
  const events = PEOPLE.flatMap((requests, person) =>
    requests.map((request, index) => eventOf({ token: `person ${person}`, at: START + index * 10_000, ...request })),
  )
  api = await startApi({ events })
})
afterAll(() => api.stop())

test('an error counts for the screen that the phone names if the session was on it, else for the one sent last', async () => {
  const { screens } = await api.tell(frictionResource, ofPage('friction'))
  expect(screens.map(({ screen, errorsBy }) => [screen, errorsBy])).toEqual([
    ['DATE', { 'client:b': 1, 'client:c': 1 }],
    ['SERVICE', { 'client:a': 1, 'client:d': 1 }],
  ])
  for (const { screen, clientErrors } of screens) {
    const list = await api.tell(sessionsResource, `/sessions?visit=client_error&screen=${screen}`)
    expect([screen, list.sessions.length]).toEqual([screen, clientErrors])
  }
})

test('a session of nothing but such errors is one of n, visited nothing and reached no step', async () => {
  const { n, funnel } = await api.tell(funnelResource, ofPage('funnel'))
  expect([n, funnel.started]).toEqual([5, 4])
  expect((await api.tell(trendResource, ofPage('trend'))).total.sessions).toBe(5)
  expect((await api.tell(pathsResource, ofPage('paths'))).sessions).toBe(4)
  const { sessions } = await api.tell(sessionsResource, '/sessions')
  const alone = sessions.find(({ token }) => token === 'person 4')
  expect(alone).toMatchObject({ exit: '', reached: 0, counts: { events: 1, clientErrors: 1 } })
  expect(page).toContain('A session of nothing but client errors')
})
