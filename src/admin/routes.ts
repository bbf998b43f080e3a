// The routes of the admin. Every path outside PUBLIC_PATHS requires a login.

import { Elysia } from 'elysia'
import { clientIp } from '../http/client-ip.ts'
import { isFromOurPages } from '../http/csrf.ts'
import { urlOf } from '../http/url.ts'
import { isUnavailable } from '../lib/unavailable.ts'
import { assets } from './assets.ts'
import { readCookie } from './auth/cookie.ts'
import { createLoginRateLimit } from './auth/login-rate-limit.ts'
import { findLoggedIn } from './auth/login-sessions.ts'
import { sendExport } from './csv-download.ts'
import type { AdminDeps } from './deps.ts'
import { createLocalTimeFormat } from './local-time.ts'
import { changePassword, getAccountPage, logoutEverywhere } from './pages/account.tsx'
import { getAnswersPage, getLearned } from './pages/answers.tsx'
import { getDataPage, runJobNow } from './pages/data.tsx'
import { eraseFoundPerson, exportFoundPerson, lookForPerson } from './pages/data-person.tsx'
import { getErrorsPage } from './pages/errors.tsx'
import { getFirstSteps } from './pages/first-steps.tsx'
import { getFlowPage } from './pages/flow.tsx'
import { getFlowHealthPage } from './pages/flow-health.tsx'
import { getHealthPage } from './pages/health.tsx'
import { getIncidentsPage } from './pages/incidents.tsx'
import { getLivePage } from './pages/live.tsx'
import { getLoginPage, logout, redirectToLogin, submitLogin } from './pages/login.tsx'
import { CROSS_SITE, messageResponse, NOT_FOUND, SERVER_ERROR, STORE_UNAVAILABLE } from './pages/message.tsx'
import { getOverviewPage } from './pages/overview.tsx'
import { getPartsPage } from './pages/parts.tsx'
import { getPathsPage } from './pages/paths.tsx'
import { getQualityPage } from './pages/quality.tsx'
import { getScreenPage } from './pages/screen.tsx'
import { getSessionPage } from './pages/session.tsx'
import { getSessionCount, getSessionsPage } from './pages/sessions.tsx'
import { getSetupPage, submitSetup } from './pages/setup.tsx'
import { changePreferences } from './preferences.ts'
import type { AccountRequest, AdminRequest, PageDeps } from './request.ts'
import { warmUp } from './warm-up.ts'

/** `routes`: the pages under `/admin` and what they load under `/assets`. */
export function createAdmin(given: AdminDeps) {
  const deps: PageDeps = { ...given, localTime: createLocalTimeFormat(given.config.server.timezone) }
  let hasVisitor = false
  let warming: Promise<void> | undefined
  const rateLimit = createLoginRateLimit(deps.clock)

  const pages = new Elysia({ prefix: '/admin' })
    .onError(({ error, request, code, route }) => errorResponse(deps, { request, route }, code, error))
    .onBeforeHandle(({ request }) => {
      if (isFromOurPages(request)) return undefined
      deps.observeRefusal('foreign')
      return messageResponse(request, CROSS_SITE, 403)
    })
    .resolve(async ({ request, server }) => {
      const ip = clientIp(request, server?.requestIP(request)?.address, deps.config.server.trusted_proxies)
      const user = await findLoggedIn(deps, readCookie('login', request, deps.config.server))
      hasVisitor ||= user !== undefined
      const incoming: AdminRequest = { request, url: urlOf(request), ip, ...(user && { user }) }
      return { incoming }
    })
    .onBeforeHandle(({ incoming }) =>
      incoming.user || PUBLIC_PATHS.has(incoming.url.pathname) ? undefined : redirectToLogin(incoming),
    )
    .get('/login', ({ incoming }) => getLoginPage(deps, incoming))
    .post('/login', ({ incoming }) => submitLogin(deps, rateLimit, incoming), { parse: 'none' })
    .get('/setup', ({ incoming }) => getSetupPage(deps, incoming))
    .post('/setup', ({ incoming }) => submitSetup(deps, incoming), { parse: 'none' })
    .post('/logout', ({ incoming }) => logout(deps, requireUser(incoming)), { parse: 'none' })
    .get('/', ({ incoming }) => getOverviewPage(deps, requireUser(incoming)))
    // Below a path `/admin`, a proxy that strips it leaves `/admin` of this page's address, which cannot be told from `/`.
    .get('/overview', ({ incoming }) => getOverviewPage(deps, requireUser(incoming)))
    .get('/flows/:flow', ({ incoming, params }) => getFlowPage(deps, requireUser(incoming), params.flow))
    .get('/flows/:flow/paths', ({ incoming, params }) => getPathsPage(deps, requireUser(incoming), params.flow))
    .get('/flows/:flow/errors', ({ incoming, params }) => getErrorsPage(deps, requireUser(incoming), params.flow))
    .get('/flows/:flow/health', ({ incoming, params }) => getFlowHealthPage(deps, requireUser(incoming), params.flow))
    .get('/flows/:flow/quality', ({ incoming, params }) => getQualityPage(deps, requireUser(incoming), params.flow))
    .get('/flows/:flow/answers', ({ incoming, params }) => getAnswersPage(deps, requireUser(incoming), params.flow))
    .get('/flows/:flow/learned.yaml', ({ incoming, params }) => getLearned(deps, requireUser(incoming), params.flow))
    .get('/flows/:flow/screens/:screen', ({ incoming, params }) =>
      getScreenPage(deps, requireUser(incoming), params.flow, params.screen),
    )
    .get('/first-steps', () => getFirstSteps(deps))
    .get('/live', ({ incoming }) => getLivePage(deps, requireUser(incoming)))
    .get('/sessions', ({ incoming }) => getSessionsPage(deps, requireUser(incoming)))
    .get('/session-count', ({ incoming }) => getSessionCount(deps, requireUser(incoming)))
    .get('/sessions/:id', ({ incoming, params }) => getSessionPage(deps, requireUser(incoming), params.id))
    .get('/incidents', ({ incoming }) => getIncidentsPage(deps, requireUser(incoming)))
    .get('/health', ({ incoming }) => getHealthPage(deps, requireUser(incoming)))
    .get('/data', ({ incoming }) => getDataPage(deps, requireUser(incoming)))
    .post('/data/run', ({ incoming }) => runJobNow(deps, requireUser(incoming)), { parse: 'none' })
    .post('/data/person', ({ incoming }) => lookForPerson(deps, requireUser(incoming)), { parse: 'none' })
    .post('/data/person/export', ({ incoming }) => exportFoundPerson(deps, requireUser(incoming)), { parse: 'none' })
    .post('/data/person/erase', ({ incoming }) => eraseFoundPerson(deps, requireUser(incoming)), { parse: 'none' })
    .get('/parts', ({ incoming }) => getPartsPage(deps, requireUser(incoming)))
    .get('/account', ({ incoming }) => getAccountPage(deps, requireUser(incoming)))
    .post('/account/password', ({ incoming }) => changePassword(deps, rateLimit, requireUser(incoming)), {
      parse: 'none',
    })
    .post('/account/preferences', ({ incoming }) => changePreferences(deps, requireUser(incoming)), { parse: 'none' })
    .post('/account/logout-everywhere', ({ incoming }) => logoutEverywhere(deps, requireUser(incoming)), {
      parse: 'none',
    })
    .get('/export/sessions', ({ incoming }) => sendExport(deps, requireUser(incoming), 'sessions'))
    .get('/export/events', ({ incoming }) => sendExport(deps, requireUser(incoming), 'events'))
    .all('/*', ({ incoming }) => messageResponse(incoming.request, NOT_FOUND, 404, incoming.user), { parse: 'none' })

  const routes = new Elysia({ name: 'admin' })
    .mapResponse(({ request, responseValue }) =>
      responseValue instanceof Response ? deps.compress(request, responseValue) : undefined,
    )
    .use(assets())
    .use(pages)

  return {
    routes,
    /** Idempotent. */
    warmUp: () => (warming ??= warmUp(deps, () => hasVisitor).catch(() => {})),
  }
}

/** Need no login. */
const PUBLIC_PATHS: ReadonlySet<string> = new Set(['/admin/login', '/admin/setup'])

/** Throws without a login: the guard above must not let such a request through. */
function requireUser({ user, ...incoming }: AdminRequest): AccountRequest {
  if (!user) throw new Error(`${incoming.url.pathname} was reached without a login`)
  return { ...incoming, user }
}

/** Logs the route instead of the URL, because strangers choose the URL. */
function errorResponse(
  deps: PageDeps,
  { request, route }: { readonly request: Request; readonly route: string },
  code: unknown,
  error: unknown,
): Response {
  if (code === 'NOT_FOUND') return messageResponse(request, NOT_FOUND, 404)
  deps.log.error({ err: error, route }, 'an admin page could not be made')
  return isUnavailable(error)
    ? messageResponse(request, STORE_UNAVAILABLE, 503)
    : messageResponse(request, SERVER_ERROR, 500)
}
