// Each number of the reports leads to a list of sessions, and the list holds exactly that many.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Api, startApi } from '../../test/api-kit.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import { until } from '../../test/until.ts'
import { walkersEvents } from '../../test/walkers.ts'
import { queryStringOf, type SessionLink } from '../query/session-parameters.ts'
import type { TrailEvent } from '../trail/event.ts'
import { driversResource } from './drivers.ts'
import { funnelResource } from './funnel.ts'
import { frictionResource, pathsResource, trendResource } from './resources.ts'
import { sessionsResource } from './sessions.ts'

const DAYS = { from: '2026-03-02', until: '2026-03-03' }

/** In Kolkata an hour of UTC ends at midnight, half an hour after it began. */
const SETS: [string, string, () => TrailEvent[]][] = [
  ['the twenty sessions of the docs', 'UTC', pageEvents],
  ['twelve hundred people who wander about', 'UTC', () => walkersEvents(1_200)],
  ['three hundred people who wander about', 'Asia/Kolkata', () => walkersEvents(300)],
]

describe.each(SETS)('%s, by the clocks of %s', (_, timezone, events) => {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ timezone, events: events() })
    const people = (await listed({})).length
    // Rollups are brought up to date behind the answers.
    await until(
      'the rollups are up to date',
      async () => (await api.tell(trendResource, report('trend'))).total.sessions === people,
    )
  })
  afterAll(() => api.stop())

  const report = (name: string, query = '') => `/flows/repair-booking/${name}${queryStringOf(DAYS)}${query}`

  /** All pages of the list. */
  async function listed(link: SessionLink) {
    const lines = []
    for (let after: string | undefined; ; ) {
      const query = { flow: 'repair-booking', ...DAYS, ...link, limit: 1_000, after }
      const page = await api.tell(sessionsResource, `/sessions${queryStringOf(query)}`)
      lines.push(...page.sessions)
      if (page.next === undefined) return lines
      after = page.next
    }
  }

  async function expectCounts(expected: readonly (readonly [SessionLink, number])[]) {
    expect(expected.length).toBeGreaterThan(3)
    const counted = []
    for (const [link] of expected) counted.push([link, (await listed(link)).length] as const)
    expect(counted).toEqual(expected.map(([link, count]) => [link, count] as const))
  }

  test.each([
    {},
    { strict: 'true' },
    { exclude: 'HELP' },
    { steps: 'SERVICE,CONTACT|HELP,EMERGENCY' },
    { window: '30s' },
    { choice: 'service:emergency' },
  ] as SessionLink[])('the funnel with %j', async (asked) => {
    const { n, funnel } = await api.tell(funnelResource, report('funnel', queryStringOf(asked).replace('?', '&')))
    await expectCounts([
      [{ choice: asked.choice }, n],
      [{ ...asked, reached: 1 }, funnel.started],
      [{ ...asked, reached: 1, ending: 'completed' }, funnel.completion.count],
      ...(asked.exclude ? [[{ ...asked, excluded: 'true' }, funnel.excluded] as const] : []),
      ...funnel.steps.flatMap(({ reached, open, lost, completed }, index) => [
        [{ ...asked, reached: index + 1 }, reached] as const,
        [{ ...asked, furthest: index + 1, ending: 'open' }, open] as const,
        [{ ...asked, furthest: index + 1, ending: 'lost' }, lost] as const,
        [{ ...asked, furthest: index + 1, ending: 'completed' }, completed] as const,
      ]),
    ])
  })

  test.each(['choice:service', 'weekday', 'hour', 'version'])('the funnel by %s: each group', async (by) => {
    const filter = by.split(':')[0] as 'choice' | 'weekday' | 'hour' | 'version'
    // Hours are many, and `time.test.ts` has them with a window.
    for (const window of by === 'hour' ? [''] : ['', '&window=30d']) {
      const { breakdown } = await api.tell(funnelResource, report('funnel', `&by=${by}${window}`))
      for (const { value, n, funnel } of breakdown?.filter(({ isUnchosen }) => !isUnchosen) ?? []) {
        const link = { [filter]: by.startsWith('choice') ? `service:${value}` : value }
        expect([value, (await listed(link)).length]).toEqual([value, n])
        expect([value, (await listed({ ...link, reached: 2 })).length]).toEqual([value, funnel.steps[1]?.reached ?? 0])
      }
    }
  })

  test('each hour of each weekday, and the sessions behind each driver', async () => {
    const { breakdown = [] } = await api.tell(funnelResource, report('funnel', '&by=hour'))
    for (const weekday of [1, 2]) {
      let sum = 0
      for (const { value } of breakdown) sum += (await listed({ weekday, hour: Number(value) })).length
      expect(sum).toBe((await listed({ weekday })).length)
    }

    const { drivers } = await api.tell(driversResource, report('drivers'))
    for (const { sessions, lost } of drivers) {
      const link = Object.fromEntries(new URL(sessions, 'http://localhost').searchParams) as SessionLink
      expect([link, (await listed(link)).length]).toEqual([link, lost])
    }
  })

  test('the lines of the list say how far the funnel has them, and a window makes no step larger', async () => {
    const { funnel } = await api.tell(funnelResource, report('funnel'))
    const lines = await listed({})
    expect(funnel.steps.map((_, index) => lines.filter(({ reached }) => reached > index).length)).toEqual(
      funnel.steps.map(({ reached }) => reached),
    )
    for (const window of ['1s', '30s', '10m', '30d']) {
      const within = await api.tell(funnelResource, report('funnel', `&window=${window}`))
      for (const [index, { reached }] of within.funnel.steps.entries())
        expect(reached).toBeLessThanOrEqual(funnel.steps[index]?.reached ?? 0)
    }
  })

  test('friction: sessions, and visits of each kind', async () => {
    const { screens } = await api.tell(frictionResource, report('friction'))
    await expectCounts(
      screens.flatMap(({ screen, sessions, lost, open, completed }) => [
        [{ screen }, sessions] as const,
        [{ exit: screen, ending: 'lost' }, lost] as const,
        [{ exit: screen, ending: 'open' }, open] as const,
        [{ exit: screen, ending: 'completed' }, completed] as const,
      ]),
    )
  })

  test('paths: who visited a screen, and who went from one to another', async () => {
    const { places, links } = await api.tell(pathsResource, report('paths'))
    await expectCounts(places.map(({ screen, sessions }) => [{ screen }, sessions] as const))
    for (const { from, to, count } of links) {
      const sessions = await listed({ path: `${from},${to}` })
      expect(sessions.length).toBeGreaterThan(0)
      expect(sessions.length).toBeLessThanOrEqual(count)
    }
  })

  test('the trend: each day by ending', async () => {
    const { days } = await api.tell(trendResource, report('trend'))
    await expectCounts(
      days.flatMap(({ day, sessions, completed, open, lost }) => [
        [{ from: day, until: day }, sessions] as const,
        [{ from: day, until: day, ending: 'completed' }, completed] as const,
        [{ from: day, until: day, ending: 'open' }, open] as const,
        [{ from: day, until: day, ending: 'lost' }, lost] as const,
      ]),
    )
  })
})
