// Every address of the API. Without one of the tokens none of them tells anything.

import { Elysia } from 'elysia'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { type Answer, answer, refusal, responseOf } from './answer.ts'
import type { Question } from './answers.ts'
import { createGate } from './gate.ts'
import { openApi } from './openapi.ts'
import { RESOURCES } from './resources.ts'

export type ApiDeps = {
  readonly config: Pick<Config, 'api' | 'server'>
  /** `answersFrom` something; may take long, and may reject. */
  readonly ask: (question: Question) => Promise<Answer>
  readonly clock: Clock
  readonly log: Log
}

export function apiRoutes({ config, ask, clock, log }: ApiDeps) {
  const gate = createGate(config, clock)

  const routes = new Elysia({ prefix: '/api/v1' })
    .resolve(({ request, server }) => ({ passed: gate(request, server?.requestIP(request)?.address) }))
    .onBeforeHandle(({ passed }) => (passed instanceof Response ? passed : undefined))
    .get('/openapi.json', () => responseOf(answer(200, openApi(RESOURCES))))
    .all('/', ({ request }) => elsewhere(request), { parse: 'none' })
    .all('/*', ({ request }) => elsewhere(request), { parse: 'none' })

  /** Catches what fails by itself: the composition root has an answer to that too, which is not JSON. */
  const tell = async (question: Question, pathname: string): Promise<Response> => {
    try {
      return responseOf(await ask(question))
    } catch (error) {
      log.error({ err: error, path: pathname }, 'the API could not answer')
      return responseOf(refusal(500, 'failed', 'Something went wrong here; the log says what.'))
    }
  }

  for (const { path } of RESOURCES)
    routes.get(path.replace(/\{(\w+)\}/g, ':$1'), async ({ request, params, passed }) => {
      if (passed instanceof Response) return passed
      const { pathname, search } = new URL(request.url)
      return tell({ path, params, search, caller: passed.caller, now: clock() }, pathname)
    })
  return routes
}

function elsewhere({ method }: Request): Response {
  if (method === 'GET')
    return responseOf(
      refusal(404, 'not_found', 'There is nothing at this address; /api/v1/openapi.json has all that there are.'),
    )
  return responseOf(refusal(405, 'read_only', 'The API only tells: expected a GET.'), { allow: 'GET' })
}
