// The API tells the numbers of docs/numbers.md, which are worked out there by hand.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, ofPage, startApi } from '../../test/api-kit.ts'
import { page, pageEvents, prose } from '../../test/numbers-page.ts'
import type { FunnelStep } from '../insight/shapes.ts'
import type { Rate } from '../stats/shapes.ts'
import { driversResource } from './drivers.ts'
import { funnelResource } from './funnel.ts'
import {
  flowsResource,
  frictionResource,
  latencyResource,
  pathsResource,
  qualityResource,
  timeToConvertResource,
  trendResource,
} from './resources.ts'
import { sessionsResource } from './sessions.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const rowsIn = (cells: readonly (readonly (string | number)[])[]) => {
  for (const row of cells) expect(page).toContain(`| ${row.join(' | ')} |`)
}
const show = ({ count, of, share }: Rate) => `${count} of ${of} = ${(Number(share) * 100).toFixed(1)} %`
const reachedIn = (funnel: { steps: readonly FunnelStep[] }) => funnel.steps.map(({ reached }) => reached)

test('the funnel', async () => {
  const { flow, period, n, funnel } = await api.tell(funnelResource, ofPage('funnel'))
  expect([flow, n]).toEqual(['repair-booking', 20])
  expect(period).toEqual({
    from: '2026-03-02',
    until: '2026-03-03',
    timezone: 'UTC',
    startsAt: '2026-03-02T00:00:00.000Z',
    endsAt: '2026-03-04T00:00:00.000Z',
  })
  rowsIn(
    funnel.steps.map(({ screens, reached, open, lost, completed, conversion, dropOff }) => [
      screens.join(' or '),
      ...[reached, open, lost, completed],
      show(conversion),
      show(dropOff),
    ]),
  )
  expect(funnel.steps).toHaveLength(4)
  expect(funnel.completion).toMatchObject({ count: 8, of: 18 })
  expect(page).toContain('8\nof 18 completed, 44.4 %')
})

test('the completion of a funnel is of those that reached its first step, that of the trend is of all that began', async () => {
  const { n, funnel } = await api.tell(funnelResource, ofPage('funnel', 'steps=DATE,CONTACT'))
  const { total } = await api.tell(trendResource, ofPage('trend'))
  expect([n, funnel.started, total.sessions]).toEqual([20, 17, 20])
  expect(prose).toContain(`it is ${show(funnel.completion)}, while the trend stays at 8 of 18`)
  expect(total.completion).toMatchObject({ count: 8, of: 18 })
})

test('today and the 27 days before it are what is asked about by default', async () => {
  const { period, funnel } = await api.tell(funnelResource, '/flows/repair-booking/funnel')
  expect([period.from, period.until]).toEqual(['2026-02-05', '2026-03-04'])
  expect(reachedIn(funnel)).toEqual([20, 17, 10, 9])
})

test.each([
  ['in strict order', 'strict=true', '20, 17, 7 and 6'],
  ['without those who saw a screen', 'exclude=HELP', '19, 16, 9 and 8'],
  ['within a time', 'window=30s', '20, 17, 6 and 1'],
  ['with its steps written out', 'steps=SERVICE,DATE,CONTACT,CONFIRM|EMERGENCY&strict=true', '20, 17, 7 and 6'],
])('the funnel %s', async (_, query, expected) => {
  const { funnel, sample } = await api.tell(funnelResource, ofPage('funnel', query))
  expect(
    reachedIn(funnel)
      .join(', ')
      .replace(/, (\d+)$/, ' and $1'),
  ).toBe(expected)
  expect(page).toContain(expected)
  expect(sample).toBeUndefined()
})

test.each(['emergency', 'routine'])('the funnel by a choice: %s', async (service) => {
  const chosen = await api.tell(funnelResource, ofPage('funnel', `choice=service:${service}`))
  const { steps } = chosen.funnel
  rowsIn([[service, ...reachedIn({ steps }), steps[3]?.completed ?? 0, steps[1]?.lost ?? 0]])

  for (const more of ['', '&window=365d']) {
    const { breakdown } = await api.tell(funnelResource, ofPage('funnel', `by=choice:service${more}`))
    const part = breakdown?.find(({ value }) => value === service)
    expect(part).toEqual({ value: service, n: chosen.n, funnel: chosen.funnel })
  }
})

test.each(['', '&window=365d'])('the funnel of those who made no choice%s', async (more) => {
  const { n, breakdown = [] } = await api.tell(funnelResource, ofPage('funnel', `by=choice:service${more}`))
  expect(breakdown.map(({ value, isUnchosen }) => [value, isUnchosen])).toEqual([
    ['routine', undefined],
    ['emergency', undefined],
    [null, true],
  ])
  const { steps, completion } = breakdown[2]?.funnel ?? { steps: [] }
  rowsIn([['no choice', ...reachedIn({ steps }), steps[3]?.completed ?? 0, steps[1]?.lost ?? 0]])
  expect(steps[0]).toMatchObject({ reached: 3, open: 1, lost: 2 })
  expect(completion).toMatchObject({ count: 0, of: 2 })
  expect(breakdown.reduce((sum, group) => sum + group.n, 0)).toBe(n)
  expect(prose).toContain('20 − 7 − 10 = 3')
})

test('the funnel by weekday, hour and version adds up to the whole', async () => {
  const valuesBy = async (by: string) =>
    (await api.tell(funnelResource, ofPage('funnel', `by=${by}`))).breakdown?.map(({ value, n }) => [value, n])
  expect(await valuesBy('weekday')).toEqual([
    [1, 10],
    [2, 10],
  ])
  expect(await valuesBy('hour')).toEqual([
    [9, 18],
    [13, 2],
  ])
  expect(await valuesBy('version')).toEqual([['1f3a5c7e', 20]])
})

test('the funnel of Tuesday against that of Monday', async () => {
  const path = '/flows/repair-booking/funnel?from=2026-03-03&until=2026-03-03'
  const { funnel, previous } = await api.tell(funnelResource, `${path}&compare=previous`)
  const monday = (await api.tell(funnelResource, path.replaceAll('2026-03-03', '2026-03-02'))).funnel
  expect([previous?.period.from, previous?.period.until, previous?.n]).toEqual(['2026-03-02', '2026-03-02', 10])
  expect(funnel.previous).toMatchObject({ started: 10, completion: { count: 5, of: 10 } })
  expect(funnel.previous?.completionChange.by).toBeCloseTo(3 / 8 - 5 / 10)
  for (const [index, step] of funnel.steps.entries()) {
    expect(step.previous).toMatchObject({
      reached: monday.steps[index]?.reached,
      conversion: monday.steps[index]?.conversion,
      dropOff: monday.steps[index]?.dropOff,
    })
    expect(step.previous?.dropOffChange.p).toBeGreaterThan(0)
  }
})

test('friction', async () => {
  const { screens, steps } = await api.tell(frictionResource, ofPage('friction'))
  rowsIn(
    screens.map((row) => [
      ...[row.screen, row.sessions, row.lost, row.shown, row.inferred, row.submitted],
      ...[row.refusedFields, row.rejected, row.corrected.count, row.backs, row.unseenBacks, row.reopens],
    ]),
  )
  expect(screens).toHaveLength(6)
  expect(screens[0]).toMatchObject({ screen: 'DATE', dwellMs: { n: 11, p50: 22_000, p90: 30_000 } })
  expect(steps[1]).toMatchObject({ screens: ['DATE'], dwellMs: { n: 11, p50: 22_000, p90: 30_000 } })
  expect(steps[3]).toMatchObject({ screens: ['CONFIRM', 'EMERGENCY'], dwellMs: { n: 8, p50: 5_000, p90: 7_000 } })
})

test('paths, and the parts of them after a screen and before it', async () => {
  const { links, places, sessions } = await api.tell(pathsResource, ofPage('paths'))
  rowsIn(
    places.map(({ screen, entries, in: into, out, exits }) => [
      ...[screen, entries, into, out],
      ...[exits.completed, exits.open, exits.lost],
    ]),
  )
  rowsIn(links.map(({ from, to, count }) => [from, to, count]))
  expect([links.length, places.length, sessions]).toEqual([7, 6, 20])

  const after = await api.tell(pathsResource, ofPage('paths', 'after=CONTACT&choice=service:emergency'))
  expect([after.sessions, after.links]).toEqual([2, [{ from: 'CONTACT', to: 'EMERGENCY', count: 1 }]])

  const before = await api.tell(pathsResource, ofPage('paths', 'before=CONTACT'))
  expect(before.places[0]).toEqual({
    ...{ screen: 'CONTACT', entries: 0, in: 10, out: 0, loops: 0, sessions: 10 },
    exits: { wentOn: 9, completed: 0, open: 0, lost: 1 },
  })
})

test('latency and the time to convert', async () => {
  const { screens } = await api.tell(latencyResource, ofPage('latency'))
  const date = screens.find(({ screen }) => screen === 'DATE')
  expect(date).toMatchObject({
    loadMs: { n: 19, p50: 100 },
    dropOffByLoad: [{ bucket: '<0.5s', sessions: 17, open: 1, dropOff: { count: 6, of: 16 } }],
  })
  const { ms, histogram } = await api.tell(timeToConvertResource, ofPage('time-to-convert'))
  expect(ms).toMatchObject({ n: 8, p50: 75_400, p90: 82_500 })
  expect(histogram.map(({ count }) => count)).toEqual([0, 1, 6, 1, 0, 0, 0, 0, 0, 0])
})

test('per day', async () => {
  const { total, days } = await api.tell(trendResource, '/flows/repair-booking/trend?from=2026-03-01&until=2026-03-03')
  rowsIn(
    days
      .slice(1)
      .map(({ day, sessions, completed, open, lost, completion }) => [
        ...[day, sessions, completed, open, lost],
        show(completion),
      ]),
  )
  expect(days[0]).toMatchObject({ day: '2026-03-01', sessions: 0, completion: { of: 0, share: null } })
  expect(total).toMatchObject({ sessions: 20, completed: 8, open: 2, lost: 10 })
})

test('what the endpoint cannot see', async () => {
  const { findings } = await api.tell(qualityResource, ofPage('quality'))
  expect(findings).toEqual([])
  expect(prose).toContain('In the twenty sessions one phone moved to HELP by itself, which is no finding')
})

test('the flows, with the versions that were seen', async () => {
  const { flows } = await api.tell(flowsResource, '/flows')
  expect(flows).toMatchObject([
    {
      flow: 'repair-booking',
      current: { start: 'SERVICE', funnel: [['SERVICE'], ['DATE'], ['CONTACT'], ['CONFIRM', 'EMERGENCY']] },
      versions: [{ version: '1f3a5c7e', sessions: 20 }],
    },
  ])
})

test.each([
  ['', 6],
  ['&rule=date/min', 1],
  ['&rule=date/max', 0],
  ['&load=%3C0.5s', 6],
  ['&load=1-3s', 0],
  ['&version=1f3a5c7e', 6],
  ['&version=none', 0],
  ['&weekday=1', 3],
  ['&hour=9', 6],
  ['&hour=13', 0],
  ['&choice=service:emergency', 5],
  ['&choice=service:emergency&rule=date/min&weekday=2', 0],
  ['&choice=__proto__:%7B%7D', 0],
])('of the six that were lost on DATE, with %p there are %p', async (filter, count) => {
  const { sessions, next } = await api.tell(sessionsResource, `/sessions?ending=lost&exit=DATE${filter}`)
  expect([sessions.length, next]).toEqual([count, undefined])
})

test('a flow that the config has no more is told of by its sessions, and needs to be told its steps', async () => {
  const old = await startApi({ events: pageEvents().map((event) => ({ ...event, flow: 'last-year' })) })
  try {
    const { flows } = await old.tell(flowsResource, '/flows')
    expect(flows.map(({ flow, current, versions }) => [flow, current?.start, versions.length])).toEqual([
      ['repair-booking', 'SERVICE', 0],
      ['last-year', undefined, 1],
    ])
    const path = ofPage('funnel').replace('repair-booking', 'last-year')
    expect(await (await old.ask(path)).text()).toContain('`steps` is missing')
    const { funnel } = await old.tell(funnelResource, `${path}&steps=SERVICE,DATE,CONTACT,CONFIRM|EMERGENCY`)
    expect(reachedIn(funnel)).toEqual([20, 17, 10, 9])
    const { findings } = await old.tell(qualityResource, path.replace('funnel', 'quality'))
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'unknown_flow', count: 20 }))
    expect(findings.map(({ kind }) => kind)).not.toContain('unknown_screens')
  } finally {
    await old.stop()
  }
})

test('had all come ten times: the driver of the page, and the sessions behind it', async () => {
  const crowd = await startApi({ events: pageEvents(10) })
  try {
    expect((await api.tell(driversResource, ofPage('drivers'))).drivers).toEqual([])
    const { drivers } = await crowd.tell(driversResource, ofPage('drivers'))
    expect(drivers[0]).toMatchObject({ screen: 'DATE', n: 70, lost: 50, others: 90, othersLost: 10 })
    expect(page).toContain(`**${drivers[0]?.sentence}**`)

    const path = String(drivers[0]?.sessions).replace('/api/v1', '')
    const found = []
    let after = ''
    for (let pages = 0; pages === 0 || (after !== '' && pages < 20); pages++) {
      const page = await crowd.tell(sessionsResource, `${path}&limit=20${after}`)
      found.push(...page.sessions)
      after = page.next ? `&after=${page.next}` : ''
    }
    expect(after).toBe('')
    expect(found).toHaveLength(50)
    for (const session of found)
      expect(session).toMatchObject({ ending: 'lost', exit: 'DATE', choices: { service: 'emergency' } })
    expect(new Set(found.map(({ id }) => id)).size).toBe(50)
  } finally {
    await crowd.stop()
  }
})
