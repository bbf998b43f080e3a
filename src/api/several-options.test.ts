// A field that takes several options: each of them is a choice, whatever the order and whatever else was chosen.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, ofPage, startApi } from '../../test/api-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { logIn } from '../../test/log-in.ts'
import { prose } from '../../test/numbers-page.ts'
import { until } from '../../test/until.ts'
import { SUCCESS } from '../trail/event.ts'
import { driversResource } from './drivers.ts'
import { funnelResource } from './funnel.ts'
import { pathsResource, trendResource } from './resources.ts'
import { sessionsResource } from './sessions.ts'

/** So many people chose these options on SERVICE and came to DATE; there they were lost, or completed. */
const PEOPLE: readonly (readonly [options: readonly string[], people: number, isLost: boolean])[] = [
  [['wash', 'wax'], 25, true],
  [['wax', 'wash', 'wax'], 15, true],
  [['wash'], 40, false],
  [['polish'], 40, false],
  [['wax', 'polish'], 20, false],
  [[], 10, false],
]
/** By hand: `wash` is chosen by 25 + 15 + 40, `wax` by 25 + 15 + 20, `polish` by 40 + 20. */
const CHOSEN = { wash: 80, wax: 60, polish: 60 }

const events = PEOPLE.flatMap(([service, people, isLost], group) =>
  Array.from({ length: people }, (_, person) => {
    const of = { token: `${group} ${person}`, fingerprint: String(group) }
    const at = START + person * 60_000
    return [
      eventOf({ ...of, at, action: 'init', screen: '', next: 'SERVICE' }),
      eventOf({ ...of, at: at + 10_000, screen: 'SERVICE', next: 'DATE', input: { service: [...service] } }),
      ...(isLost ? [] : [eventOf({ ...of, at: at + 20_000, screen: 'DATE', next: SUCCESS, outcome: 'completed' })]),
    ]
  }).flat(),
)

let api: Api
beforeAll(async () => {
  api = await startApi({ events })
  const total = async () => (await api.tell(trendResource, ofPage('trend'))).total.sessions
  await until('the rollups are up to date', async () => (await total()) === 150)
})
afterAll(() => api.stop())

test.each(Object.entries(CHOSEN))('%s was chosen by %p, in every answer', async (option, people) => {
  const choice = `choice=service:${option}`
  const told = {
    funnel: (await api.tell(funnelResource, ofPage('funnel', choice))).n,
    scan: (await api.tell(funnelResource, ofPage('funnel', `${choice}&window=1h`))).n,
    paths: (await api.tell(pathsResource, ofPage('paths', choice))).sessions,
    trend: (await api.tell(trendResource, ofPage('trend', choice))).total.sessions,
    list: (await api.tell(sessionsResource, `/sessions?${choice}&limit=1000`)).sessions.length,
  }
  expect(told).toEqual({ funnel: people, scan: people, paths: people, trend: people, list: people })
})

test.each(['', '&window=1h'])('the groups overlap, and who chose nothing is in the last one%s', async (more) => {
  const { n, breakdown = [] } = await api.tell(funnelResource, ofPage('funnel', `by=choice:service${more}`))
  const unchosen = breakdown.at(-1)
  expect([n, Object.fromEntries(breakdown.slice(0, -1).map(({ value, n }) => [value, n]))]).toEqual([150, CHOSEN])
  expect(unchosen).toMatchObject({
    value: null,
    isUnchosen: true,
    n: 10,
    funnel: { completion: { count: 10, of: 10 } },
  })
})

test('the page of the flow says that the groups overlap', async () => {
  const cookie = await logIn(api)
  const path = '/admin/flows/repair-booking?from=2026-03-02&until=2026-03-03&by=choice:service'
  const page = await (await api.send(path, { headers: { cookie } })).text()
  expect(page).toContain('Who chose several options is in the group of each')
})

test('no list of options is a choice of its own', async () => {
  const list = encodeURIComponent('["wash"]')
  expect((await api.tell(funnelResource, ofPage('funnel', `choice=service:${list}`))).n).toBe(0)
  expect((await api.tell(sessionsResource, `/sessions?choice=service:${list}`)).sessions).toEqual([])
})

test('the others of an option chose something else, each once, and the list holds who left', async () => {
  const { drivers } = await api.tell(driversResource, ofPage('drivers'))
  const told = drivers.map(({ factor, n, lost, others, othersLost }) => [
    ...['value' in factor ? factor.value : factor.kind],
    ...[n, lost, others, othersLost],
  ])
  // Others of wax: 40 wash, 40 polish. Of wash: 40 polish, 20 wax and polish. Who chose nothing is among neither.
  expect(told.toSorted()).toEqual([
    ['wash', 80, 40, 60, 0],
    ['wax', 60, 40, 80, 0],
  ])
  for (const { sessions, lost } of drivers) {
    const query = `${sessions.replace('/api/v1', '')}&limit=1000`
    expect((await api.tell(sessionsResource, query)).sessions).toHaveLength(lost)
  }
})

test('the page says so', () => {
  expect(prose).toContain('the groups of such a field overlap')
})
