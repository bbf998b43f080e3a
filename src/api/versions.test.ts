// With `version=`, numbers are those that there would be had people only come in that version.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, ofPage, startApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import { sha256 } from '../lib/ids.ts'

const TUESDAY = Date.UTC(2026, 2, 3)

const stray = (id: string, version: string) => eventOf({ id: sha256(id), token: 'unused', version, at: TUESDAY })

/**
 * Everybody of the page in one version, and those of Monday once more in the next; ten times over, so that there are drivers.
 * One request without a token came in the one version, two in the next.
 */
const OLD = [...pageEvents(10), stray('1', '1f3a5c7e')]
const NEW = [
  ...pageEvents(10)
    .filter(({ at }) => at < TUESDAY)
    .map((event) => ({
      ...event,
      id: sha256(`${event.id} again`),
      token: `${event.token} again`,
      version: '2b4d6f80',
    })),
  stray('2', '2b4d6f80'),
  stray('3', '2b4d6f80'),
]

let both: Api
let old: Api
let next: Api
beforeAll(async () => {
  both = await startApi({ events: [...OLD, ...NEW] })
  old = await startApi({ events: OLD })
  next = await startApi({ events: NEW })
})
afterAll(() => Promise.all([both, old, next].map((api) => api.stop())))

const told = async (api: Api, resource: string, query: string) => {
  const reply = await api.ask(ofPage(resource, query))
  expect(reply.status).toBe(200)
  // The way to the sessions of a driver names the version that was asked for.
  return (await reply.text()).replaceAll(/&version=\w+/g, '')
}

test.each([
  ['funnel', ''],
  ['funnel', 'by=choice:service'],
  ['funnel', 'window=30s'],
  ['friction', ''],
  ['paths', ''],
  ['drivers', ''],
  ['latency', ''],
  ['time-to-convert', ''],
  ['trend', ''],
  ['quality', ''],
])('%s of one version, with %p', async (resource, query) => {
  const [ofOld, ofNew] = await Promise.all([
    told(both, resource, `version=1f3a5c7e&${query}`),
    told(both, resource, `version=2b4d6f80&${query}`),
  ])
  expect(JSON.parse(ofOld)).toEqual(JSON.parse(await told(old, resource, query)))
  expect(JSON.parse(ofNew)).toEqual(JSON.parse(await told(next, resource, query)))
  expect(ofOld).not.toBe(ofNew)
})
