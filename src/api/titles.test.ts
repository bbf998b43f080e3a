import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, ofPage, startApi } from '../../test/api-kit.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import { ARABIC_TITLE, LONG_TITLE, titledFlowJson } from '../../test/titled-flow-json.ts'
import { driversResource } from './drivers.ts'
import { funnelResource } from './funnel.ts'
import type { Resource } from './resource.ts'
import {
  errorsResource,
  flowsResource,
  frictionResource,
  latencyResource,
  overviewResource,
  pathsResource,
  payloadsResource,
  qualityResource,
} from './resources.ts'
import { sessionResource } from './session.ts'
import { sessionsResource } from './sessions.ts'

let api: Api
beforeAll(async () => {
  api = await startApi({ events: pageEvents(10), flowJson: titledFlowJson })
})
afterAll(() => api.stop())

/** SERVICE has none. */
const TITLES = {
  DATE: 'Date & time',
  HELP: 'One moment',
  CONTACT: LONG_TITLE,
  CONFIRM: ARABIC_TITLE,
  EMERGENCY: 'One moment',
}

const NAMING: readonly [name: string, resource: Resource][] = [
  ['funnel', funnelResource],
  ['friction', frictionResource],
  ['paths', pathsResource],
  ['drivers', driversResource],
  ['latency', latencyResource],
  ['quality', qualityResource],
  ['errors', errorsResource],
  ['payloads', payloadsResource],
]

test.each(NAMING)('%s has the titles of the screens beside their ids', async (name, resource) => {
  expect(await api.tell(resource, ofPage(name))).toMatchObject({ titles: TITLES })
})

test('so have the flows, the overview and a session', async () => {
  const days = 'from=2026-03-02&until=2026-03-03'
  const { flows } = await api.tell(flowsResource, `/flows?${days}`)
  expect(flows[0]?.current?.titles).toEqual(TITLES)
  const overview = await api.tell(overviewResource, `/overview?${days}`)
  expect(overview.flows[0]).toMatchObject({ worst: { screens: ['DATE'] }, titles: TITLES })
  const { sessions } = await api.tell(sessionsResource, '/sessions?limit=1')
  expect(await api.tell(sessionResource, `/sessions/${sessions[0]?.id}`)).toMatchObject({ titles: TITLES })
})

test('sentences tell of screens by their titles, and the rest by their ids', async () => {
  const { drivers } = await api.tell(driversResource, ofPage('drivers'))
  expect(drivers[0]).toMatchObject({
    screen: 'DATE',
    sentence: expect.stringContaining(' to leave Date & time after '),
  })
  const { findings } = await api.tell(qualityResource, ofPage('quality'))
  expect(findings[0]).toMatchObject({
    screens: ['HELP'],
    found: expect.stringMatching(/^To One moment \(HELP\) people/),
  })
})
