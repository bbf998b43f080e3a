// Every address of the API. Without one of the tokens none of them tells anything.

import { Elysia } from 'elysia'
import type { Config } from '../config/schema.ts'
import type { Log } from '../lib/log.ts'
import { type ReportDeps, readerOf } from '../report/reader.ts'
import { answer, refuse } from './answer.ts'
import { createGate } from './gate.ts'
import { openApi } from './openapi.ts'
import { readQuery } from './query.ts'
import type { Resource } from './resource.ts'
import { RESOURCES } from './resources.ts'

export type ApiDeps = ReportDeps & { readonly config: Config; readonly log: Log }

export function apiRoutes(deps: ApiDeps) {
  const gate = createGate(deps.config, deps.clock)

  const routes = new Elysia({ prefix: '/api/v1' })
    .resolve(({ request, server }) => ({ passed: gate(request, server?.requestIP(request)?.address) }))
    .onBeforeHandle(({ passed }) => (passed instanceof Response ? passed : undefined))
    .get('/openapi.json', () => answer(200, openApi(RESOURCES)))
    .all('/', ({ request }) => elsewhere(request), { parse: 'none' })
    .all('/*', ({ request }) => elsewhere(request), { parse: 'none' })

  for (const resource of RESOURCES)
    routes.get(resource.path.replace(/\{(\w+)\}/g, ':$1'), async ({ request, params, passed }) =>
      passed instanceof Response ? passed : await tell(deps, resource, { request, params, caller: passed.caller }),
    )
  return routes
}

type Call = { readonly request: Request; readonly params: { readonly [name: string]: string }; readonly caller: string }

/** Catches what fails by itself: the composition root has an answer to that too, which is not JSON. */
async function tell(
  deps: ApiDeps,
  { parameters, read }: Resource,
  { request, params, caller }: Call,
): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url)
  try {
    const query = readQuery(parameters, searchParams)
    const reader = readerOf(deps)
    const audit = (what: string, detail: string) => deps.store.audit({ at: reader.now, who: caller, what, detail })
    const told = query.ok ? await read({ reader, params, query: query.report, audit }) : query
    if (told.ok) return answer(200, told.report)
    return refuse(told.code === 'not_found' ? 404 : 400, told.code, `${told.message}.`)
  } catch (error) {
    deps.log.error({ err: error, path: pathname }, 'the API could not answer')
    return refuse(500, 'failed', 'Something went wrong here; the log says what.')
  }
}

function elsewhere({ method }: Request): Response {
  if (method !== 'GET') return refuse(405, 'read_only', 'The API only tells: expected a GET.', { allow: 'GET' })
  return refuse(404, 'not_found', 'There is nothing at this address; /api/v1/openapi.json has all that there are.')
}
