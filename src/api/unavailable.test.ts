// When numbers cannot be read, a script learns that asking again later helps, and no question waits for ever.

import { expect, test } from 'bun:test'
import { TOKEN, withApi } from '../../test/api-kit.ts'
import { createLog } from '../lib/log.ts'
import type { AskReport } from '../report/reports.ts'
import { busy } from '../report/result.ts'
import { errorShape } from './response.ts'
import { apiRoutes } from './routes.ts'

const routesWith = (ask: AskReport, patienceMs?: number) =>
  apiRoutes({
    config: { api: { tokens: [TOKEN] }, server: { trusted_proxies: 0 } as never },
    ask,
    formsOfToken: (typed) => [typed],
    auditedToken: (typed) => typed,
    person: { erasure: {} } as never,
    clock: Date.now,
    log: createLog('silent'),
    ...(patienceMs !== undefined && { patienceMs }),
  })

const askFlows = (routes: ReturnType<typeof routesWith>) =>
  routes.handle(new Request('http://localhost/api/v1/flows', { headers: { authorization: `Bearer ${TOKEN}` } }))

const problemIn = async (reply: Response) => [
  reply.status,
  errorShape.parse(await reply.json()).error.code,
  reply.headers.get('retry-after'),
]

test('a store that is out of reach is told as what it is', async () => {
  await withApi({ store: 'mongodb://127.0.0.1:9/nobody-listens', events: [] }, async (api) => {
    expect(await problemIn(await api.ask('/flows'))).toEqual([503, 'unavailable', '5'])
  })
}, 30_000)

test('where too many questions wait, a script is told to ask again later', async () => {
  const routes = routesWith(async () => busy('Too many questions are waiting'))
  expect(await problemIn(await askFlows(routes))).toEqual([503, 'busy', '5'])
})

test('an answer that does not come in time is not waited for', async () => {
  const routes = routesWith(() => new Promise(() => {}), 20)
  expect(await problemIn(await askFlows(routes))).toEqual([503, 'unavailable', '5'])
})
