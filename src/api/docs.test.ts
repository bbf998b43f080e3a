// docs/api.md: what it says to send can be sent, and is answered as it shows.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Api, startApi } from '../../test/api-kit.ts'
import { pageEvents } from '../../test/numbers-page.ts'
import type { Json } from '../lib/json.ts'
import { RESOURCES } from './resources.ts'

const text = readFileSync(join(import.meta.dir, '../../docs/api.md'), 'utf8')

/** Each call, with the answer that stands below it where one does. */
const calls = [
  ...text.matchAll(
    /```sh\ncurl -H "Authorization: Bearer \$API_TOKEN" 'http:\/\/localhost:8080([^']+)'\n```(?:\n\n```json\n(.*?)```)?/gs,
  ),
].map(([, path = '', answer]) => [path, answer] as const)

let api: Api
beforeAll(async () => {
  api = await startApi({ events: pageEvents(10) })
})
afterAll(() => api.stop())

test('every call is read, and there is one for each resource', () => {
  expect(calls).toHaveLength(text.match(/curl -H/g)?.length ?? 0)
  for (const { path } of RESOURCES) {
    const address = new RegExp(`^/api/v1${path.replace(/\{\w+\}/g, '[\\w-]+')}(?:\\?|$)`)
    expect(calls.filter(([called]) => address.test(called)).length).toBeGreaterThan(0)
  }
})

test.each(calls)('%s', async (path, shown) => {
  const reply = await api.ask(path.replace('/api/v1', ''))
  expect(reply.status).toBe(200)
  if (shown !== undefined) expectShown((await reply.json()) as Json, parse(shown))
})

/** What is shown, without the places where it is cut. */
const parse = (shown: string): Json => JSON.parse(shown.replace(/,?\s*…/g, '')) as Json

/** Of a list the first items are shown, of an object some of what it has. */
function expectShown(told: Json | undefined, shown: Json): void {
  if (typeof shown !== 'object' || shown === null) expect(told).toEqual(shown)
  else
    for (const [key, value] of Object.entries(shown))
      expectShown((told as { [key: string]: Json })?.[key], value as Json)
}
