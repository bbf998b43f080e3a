// What a visit weighs on its way to the browser.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, startApi } from './api-kit.ts'
import { logIn } from './log-in.ts'
import { walkersEvents } from './walkers.ts'

const KB = 1_000
const FLOW = '/admin/flows/repair-booking'
const DAYS = 'from=2026-03-02&until=2026-03-04'

let api: Api
let cookie: string
beforeAll(async () => {
  api = await startApi({ events: walkersEvents(500) })
  cookie = await logIn(api)
}, 30_000)
afterAll(() => api.stop())

/** The body as it is sent. */
async function sent(path: string): Promise<Uint8Array> {
  const reply = await api.send(path, { headers: { cookie, 'accept-encoding': 'gzip' } })
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`)
  return new Uint8Array(await reply.arrayBuffer())
}

test('the first visit: at most 150 KB, with all that the page loads', async () => {
  const page = await sent('/admin')
  const html = new TextDecoder().decode(Bun.gunzipSync(page as Uint8Array<ArrayBuffer>))
  const files = new Set([...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, file]) => file as string))
  expect(files.size).toBeGreaterThan(10)
  const weights = await Promise.all([...files].map(async (file) => (await sent(file)).byteLength))
  expect(page.byteLength + weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(150 * KB)
})

test.each([
  '/admin',
  `${FLOW}?${DAYS}`,
  `${FLOW}?${DAYS}&by=hour`,
  `${FLOW}/screens/DATE?${DAYS}`,
  `${FLOW}/paths?${DAYS}`,
  `${FLOW}/errors?${DAYS}`,
  `${FLOW}/health`,
  `${FLOW}/quality?${DAYS}`,
  '/admin/live',
  '/admin/sessions',
  '/admin/incidents',
  '/admin/health',
  '/admin/account',
])('%s once the files are known: at most 30 KB', async (path) => {
  expect((await sent(path)).byteLength).toBeLessThan(30 * KB)
})
