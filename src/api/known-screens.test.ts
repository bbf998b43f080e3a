// Which screens a question may name: those of the config, of the period, and those that people were last seen on at any time.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, ofPage, startApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { page, pageEvents } from '../../test/numbers-page.ts'
import { funnelResource } from './funnel.ts'

let api: Api
beforeAll(async () => {
  // In February somebody went from OLD to GONE, neither of which the config has, and was last seen there.
  const february = Date.parse('2026-02-10T09:00:00Z')
  const past = { token: 'past', screen: 'OLD', next: 'GONE' }
  const events = [
    eventOf({ ...past, at: february, action: 'init', screen: '', next: 'OLD' }),
    eventOf({ ...past, at: february + 10_000 }),
  ]
  api = await startApi({ events: [...pageEvents(), ...events] })
})
afterAll(() => api.stop())

const QUERIES = (screen: string) => [
  ofPage('funnel', `exclude=${screen}`),
  ofPage('funnel', `steps=SERVICE,${screen}`),
  ofPage('funnel', `steps=SERVICE,${screen}&window=1h`),
  ofPage('paths', `after=${screen}`),
  ofPage('paths', `before=${screen}`),
]

test.each([
  ['HELP', 200],
  ['GONE', 200],
  ['OLD', 400],
  ['NOWHERE', 400],
])('in March %s is answered with %p, whatever the question', async (screen, status) => {
  for (const query of QUERIES(screen)) expect([query, (await api.ask(query)).status]).toEqual([query, status])
})

test('in February OLD is known', async () => {
  for (const query of QUERIES('OLD')) {
    const asked = query.replace('2026-03-02', '2026-02-10').replace('2026-03-03', '2026-02-11')
    expect([asked, (await api.ask(asked)).status]).toEqual([asked, 200])
  }
})

test('leaving out a screen of the last step leaves out none of the twenty, as the page says', async () => {
  for (const screen of ['CONFIRM', 'EMERGENCY']) {
    const { funnel } = await api.tell(funnelResource, ofPage('funnel', `exclude=${screen}`))
    expect([funnel.excluded, ...funnel.steps.map(({ reached }) => reached)]).toEqual([0, 20, 17, 10, 9])
  }
  expect(page).toContain('leaving out CONFIRM leaves out nobody')
})
