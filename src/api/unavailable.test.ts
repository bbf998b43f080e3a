// When numbers cannot be read, a script is told that to ask again later helps, and nobody's question waits for ever.

import { expect, test } from 'bun:test'
import { TOKEN, withApi } from '../../test/api-kit.ts'
import { createLog } from '../lib/log.ts'
import { yieldToEventLoop } from '../lib/yield-to-event-loop.ts'
import type { ApiQuestion } from './answer-question.ts'
import { type ApiResponse, apiResponse } from './response.ts'
import { apiRoutes } from './routes.ts'
import { problem } from './shapes.ts'

const routesAnswering = (ask: (question: ApiQuestion) => Promise<ApiResponse>, patienceMs?: number) =>
  apiRoutes({
    config: { api: { tokens: [TOKEN] }, server: { trusted_proxies: 0 } as never },
    ask,
    formsOfToken: (typed) => [typed],
    clock: Date.now,
    log: createLog('silent'),
    ...(patienceMs !== undefined && { patienceMs }),
  })
type Routes = ReturnType<typeof routesAnswering>

const askOf = (routes: Routes) =>
  routes.handle(new Request('http://localhost/api/v1/flows', { headers: { authorization: `Bearer ${TOKEN}` } }))

const told = async (reply: Response) => [
  reply.status,
  problem.parse(await reply.json()).error.code,
  reply.headers.get('retry-after'),
]

test('a store that is out of reach is told as what it is', async () => {
  await withApi({ store: 'mongodb://127.0.0.1:9/nobody-listens', events: [] }, async (api) => {
    expect(await told(await api.ask('/flows'))).toEqual([503, 'unavailable', '5'])
  })
}, 30_000)

test('questions beyond those that can wait are refused at once, until there is room again', async () => {
  const waiting: (() => void)[] = []
  const routes = routesAnswering(
    () => new Promise((resolve) => waiting.push(() => resolve(apiResponse(200, { flows: [] })))),
  )
  const first = Array.from({ length: 16 }, () => askOf(routes))
  expect(await told(await askOf(routes))).toEqual([503, 'busy', '5'])
  waiting.shift()?.()
  expect((await first[0])?.status).toBe(200)
  const last = askOf(routes)
  for (const letGo of waiting) letGo()
  expect((await last).status).toBe(200)
})

test('an answer that does not come in time is not waited for, but counts as waiting until it is there', async () => {
  const late: (() => void)[] = []
  const routes = routesAnswering(() => new Promise((resolve) => late.push(() => resolve(apiResponse(200, {})))), 20)
  const replies = await Promise.all(Array.from({ length: 16 }, () => askOf(routes)))
  for (const reply of replies) expect(await told(reply)).toEqual([503, 'unavailable', '5'])
  expect(await told(await askOf(routes))).toEqual([503, 'busy', '5'])
  for (const come of late.splice(0)) come()
  await yieldToEventLoop()
  expect(await told(await askOf(routes))).toEqual([503, 'unavailable', '5'])
})
