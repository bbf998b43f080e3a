// Every address of the API. Each of them requires a token.

import { Elysia } from 'elysia'
import { basePathOf } from '../config/public-url.ts'
import type { Config } from '../config/schema.ts'
import { urlOf } from '../http/url.ts'
import type { Clock } from '../lib/clock.ts'
import type { LogLines } from '../lib/rate-limited-log.ts'
import { isUnavailable } from '../lib/unavailable.ts'
import { withTimeout } from '../lib/with-timeout.ts'
import { readQuery } from '../query/read-query.ts'
import type { AskReport } from '../report/reports.ts'
import type { ReportProblem } from '../report/result.ts'
import { createBearerAuth } from './bearer-auth.ts'
import { openApi } from './openapi.ts'
import { PERSON_CALLS, type PersonDeps } from './person.ts'
import type { ApiRequest, Resource } from './resource.ts'
import { RESOURCES } from './resources.ts'
import { errorResponse, jsonResponse } from './response.ts'

export type ApiDeps = {
  readonly config: Pick<Config, 'api' | 'server'>
  readonly ask: AskReport
  readonly formsOfToken: ApiRequest<unknown>['formsOfToken']
  readonly auditedToken: ApiRequest<unknown>['auditedToken']
  readonly person: Omit<PersonDeps, 'clock' | 'log'>
  readonly clock: Clock
  readonly log: LogLines
  /** Milliseconds to wait for a report. */
  readonly patienceMs?: number
}

/** The server ends a connection that is silent for 30 seconds. */
const PATIENCE_MS = 25_000

export function apiRoutes({ patienceMs = PATIENCE_MS, ...deps }: ApiDeps) {
  const { config, ask, formsOfToken, auditedToken, person, clock, log } = deps
  const base = basePathOf(config.server)
  const authorize = createBearerAuth(config, clock)
  let description: Response | undefined

  const routes = new Elysia({ prefix: '/api/v1' })
    .resolve(({ request, server }) => ({ auth: authorize(request, server?.requestIP(request)?.address) }))
    .onBeforeHandle(({ auth }) => (auth instanceof Response ? auth : undefined))
    .get('/openapi.json', () => {
      description ??= jsonResponse(200, openApi(RESOURCES, base))
      return description.clone()
    })
    .all('/', ({ request }) => elsewhere(request, base), { parse: 'none' })
    .all('/*', ({ request }) => elsewhere(request, base), { parse: 'none' })

  const failed = (error: unknown, path: string): Response => {
    log.error({ err: error, path }, 'the API could not answer')
    if (isUnavailable(error)) return errorResponse(503, 'unavailable', UNAVAILABLE, RETRY)
    return errorResponse(500, 'failed', 'Something went wrong here; the log says what.')
  }

  /** Catches errors itself: the answer of the composition root would not be JSON. */
  const answer = async (
    resource: Resource,
    request: Request,
    { params, caller }: Pick<ApiRequest<unknown>, 'params' | 'caller'>,
  ): Promise<Response> => {
    try {
      const { searchParams } = urlOf(request)
      const query = readQuery(resource.parameters, searchParams)
      if (!query.ok) return problemResponse(query)
      const sent = Object.fromEntries(searchParams)
      const asked = { params, query: query.report, sent, caller, formsOfToken, auditedToken, base }
      const result = await withTimeout(patienceMs, resource.read(ask, asked, clock()))
      return result.ok ? jsonResponse(200, result.report) : problemResponse(result)
    } catch (error) {
      return failed(error, resource.path)
    }
  }

  for (const { path, answer } of PERSON_CALLS)
    routes.post(
      path,
      async ({ request, auth }) => {
        if (auth instanceof Response) return auth
        try {
          return await answer({ ...person, clock, log }, request, auth.caller)
        } catch (error) {
          return failed(error, path)
        }
      },
      { parse: 'none' },
    )

  for (const resource of RESOURCES)
    routes.get(resource.path.replace(/\{(\w+)\}/g, ':$1'), ({ request, params, auth }) =>
      auth instanceof Response ? auth : answer(resource, request, { params, ...auth }),
    )
  return routes
}

const UNAVAILABLE =
  'The numbers cannot be read at the moment, or not in time; ask again in some seconds. The log says why.'
const RETRY = { 'retry-after': '5' }

const problemResponse = ({ code, message }: ReportProblem): Response =>
  errorResponse(STATUS[code], code, `${message}.`, code === 'busy' ? RETRY : {})

const STATUS: { readonly [code in ReportProblem['code']]: number } = { bad_parameter: 400, not_found: 404, busy: 503 }

function elsewhere({ method }: Request, base: string): Response {
  if (method === 'GET' || method === 'HEAD')
    return errorResponse(
      404,
      'not_found',
      `There is nothing at this address; ${base}/api/v1/openapi.json has all that there are.`,
    )
  return errorResponse(405, 'read_only', 'The API only tells: expected a GET.', { allow: 'GET, HEAD' })
}
