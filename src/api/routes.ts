// Every address of the API. Without one of the tokens none of them tells anything.

import { Elysia } from 'elysia'
import { basePathOf } from '../config/public-url.ts'
import type { Config } from '../config/schema.ts'
import { urlOf } from '../http/url.ts'
import type { Clock } from '../lib/clock.ts'
import type { LogLines } from '../lib/rate-limited-log.ts'
import { isUnavailable } from '../lib/unavailable.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import type { ApiQuestion } from './answer-question.ts'
import { createBearerAuth } from './bearer-auth.ts'
import { openApi } from './openapi.ts'
import { RESOURCES } from './resources.ts'
import { type ApiResponse, apiResponse, errorResponse, responseOf } from './response.ts'

export type ApiDeps = {
  readonly config: Pick<Config, 'api' | 'server'>
  /** `answersFrom` something; may take long, and may reject. */
  readonly ask: (question: ApiQuestion) => Promise<ApiResponse>
  /** What a flow token that somebody typed may be stored as; the first is how it may be written down. */
  readonly formsOfToken: (typed: string) => readonly string[]
  readonly clock: Clock
  readonly log: LogLines
  /** Milliseconds that an answer is waited for. */
  readonly patienceMs?: number
}

/** The server ends a connection on which nothing was said for 30 seconds. */
const PATIENCE_MS = 25_000
/** Some seconds' work for who answers; whoever asks more than that at a time is told to wait, rather than kept waiting. */
const MOST_WAITING = 16

export function apiRoutes({ config, ask, formsOfToken, clock, log, patienceMs = PATIENCE_MS }: ApiDeps) {
  const base = basePathOf(config.server)
  const gate = createBearerAuth(config, clock)
  let waiting = 0
  let description: ApiResponse | undefined

  const routes = new Elysia({ prefix: '/api/v1' })
    .resolve(({ request, server }) => ({ passed: gate(request, server?.requestIP(request)?.address) }))
    .onBeforeHandle(({ passed }) => (passed instanceof Response ? passed : undefined))
    .get('/openapi.json', () => {
      description ??= apiResponse(200, openApi(RESOURCES, base))
      return responseOf(description)
    })
    .all('/', ({ request }) => elsewhere(request, base), { parse: 'none' })
    .all('/*', ({ request }) => elsewhere(request, base), { parse: 'none' })

  /** Catches what fails by itself: the composition root has an answer to that too, which is not JSON. */
  const tell = async (question: ApiQuestion): Promise<Response> => {
    if (waiting >= MOST_WAITING) return responseOf(errorResponse(503, 'busy', BUSY), RETRY)
    waiting++
    const asked = ask(question).finally(() => {
      waiting--
    })
    try {
      return responseOf(await withTimeout(patienceMs, asked))
    } catch (error) {
      log.error({ err: error, path: question.path }, 'the API could not answer')
      if (isUnavailable(error)) return responseOf(errorResponse(503, 'unavailable', UNAVAILABLE), RETRY)
      return responseOf(errorResponse(500, 'failed', 'Something went wrong here; the log says what.'))
    }
  }

  for (const { path } of RESOURCES)
    routes.get(path.replace(/\{(\w+)\}/g, ':$1'), async ({ request, params, passed }) => {
      if (passed instanceof Response) return passed
      const { search, searchParams } = urlOf(request)
      const token = searchParams.get('token')
      const tokens = token === null ? [] : formsOfToken(token)
      return tell({ path, params, search, tokens, caller: passed.caller, now: clock() })
    })
  return routes
}

const BUSY = 'Too many questions are waiting for their answers; ask again in some seconds.'
const UNAVAILABLE =
  'The numbers cannot be read at the moment, or not in time; ask again in some seconds. The log says why.'
const RETRY = { 'retry-after': '5' }

function elsewhere({ method }: Request, base: string): Response {
  if (method === 'GET' || method === 'HEAD')
    return responseOf(
      errorResponse(
        404,
        'not_found',
        `There is nothing at this address; ${base}/api/v1/openapi.json has all that there are.`,
      ),
    )
  return responseOf(errorResponse(405, 'read_only', 'The API only tells: expected a GET.'), { allow: 'GET, HEAD' })
}
