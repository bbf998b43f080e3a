// Every address of the admin. Whatever is not named as open asks for a login.

import { Elysia } from 'elysia'
import { clientIp } from '../http/client-ip.ts'
import { isFromOurPages } from '../http/csrf.ts'
import { redirect } from '../http/html-response.ts'
import { urlOf } from '../http/url.ts'
import { isUnavailable } from '../lib/unavailable.ts'
import { assets } from './assets.ts'
import { readCookie } from './auth/cookie.ts'
import { createLoginRateLimit } from './auth/login-rate-limit.ts'
import { findLoggedIn } from './auth/login-sessions.ts'
import { sendExport } from './csv-download.ts'
import type { AdminDeps } from './deps.ts'
import { createCalendar } from './local-time.ts'
import { changePassword, logoutEverywhere, showAccount } from './pages/account.tsx'
import { showHealth } from './pages/health.tsx'
import { showIncidents } from './pages/incidents.tsx'
import { logout, showLogin, submitLogin, toLogin } from './pages/login.tsx'
import { AWAY, BROKEN, FOREIGN, NOT_FOUND, sayInstead } from './pages/message.tsx'
import { showSession } from './pages/session.tsx'
import { showSessions } from './pages/sessions.tsx'
import { showSetup, submitSetup } from './pages/setup.tsx'
import type { AccountRequest, AdminRequest, PageDeps } from './request.ts'

/** The admin pages under `/admin` and what they load under `/assets`. */
export function adminRoutes(given: AdminDeps) {
  const deps: PageDeps = { ...given, calendar: createCalendar(given.config.server.timezone) }
  const guesses = createLoginRateLimit(deps.clock)

  const pages = new Elysia({ prefix: '/admin' })
    .onError(({ error, request, code, route }) => answerError(deps, { request, route }, code, error))
    .onBeforeHandle(({ request }) => {
      if (isFromOurPages(request)) return undefined
      deps.observeRefusal('foreign')
      return sayInstead(request, FOREIGN, 403)
    })
    .resolve(async ({ request, server }) => {
      const ip = clientIp(request, server?.requestIP(request)?.address, deps.config.server.trusted_proxies)
      const visitor = await findLoggedIn(deps, readCookie('login', request, deps.config.server))
      const visit: AdminRequest = { request, url: urlOf(request), ip, ...(visitor && { visitor }) }
      return { visit }
    })
    .onBeforeHandle(({ visit }) => (visit.visitor || OPEN.has(visit.url.pathname) ? undefined : toLogin(visit)))
    .get('/login', ({ visit }) => showLogin(deps, visit))
    .post('/login', ({ visit }) => submitLogin(deps, guesses, visit), { parse: 'none' })
    .get('/setup', ({ visit }) => showSetup(deps, visit))
    .post('/setup', ({ visit }) => submitSetup(deps, visit), { parse: 'none' })
    .post('/logout', ({ visit }) => logout(deps, known(visit)), { parse: 'none' })
    .get('/', ({ visit }) => redirect(visit.request, '/admin/sessions'))
    .get('/sessions', ({ visit }) => showSessions(deps, known(visit)))
    .get('/sessions/:id', ({ visit, params }) => showSession(deps, known(visit), params.id))
    .get('/incidents', ({ visit }) => showIncidents(deps, known(visit)))
    .get('/health', ({ visit }) => showHealth(deps, known(visit)))
    .get('/account', ({ visit }) => showAccount(deps, known(visit)))
    .post('/account/password', ({ visit }) => changePassword(deps, guesses, known(visit)), { parse: 'none' })
    .post('/account/logout-everywhere', ({ visit }) => logoutEverywhere(deps, known(visit)), { parse: 'none' })
    .get('/export/sessions', ({ visit }) => sendExport(deps, known(visit), 'sessions'))
    .get('/export/events', ({ visit }) => sendExport(deps, known(visit), 'events'))
    .all('/*', ({ visit }) => sayInstead(visit.request, NOT_FOUND, 404, visit.visitor), { parse: 'none' })

  return new Elysia({ name: 'admin' }).use(assets()).use(pages)
}

/** Reachable without a login. */
const OPEN: ReadonlySet<string> = new Set(['/admin/login', '/admin/setup'])

/** The guard above lets nobody else through; should it ever, this is a bug and answers as one. */
function known(visit: AdminRequest): AccountRequest {
  if (!visit.visitor) throw new Error(`${visit.url.pathname} was reached without a login`)
  return { ...visit, visitor: visit.visitor }
}

/** The log tells the route and not the address, of which anybody can write any. */
function answerError(
  deps: PageDeps,
  { request, route }: { readonly request: Request; readonly route: string },
  code: unknown,
  error: unknown,
): Response {
  if (code === 'NOT_FOUND') return sayInstead(request, NOT_FOUND, 404)
  deps.log.error({ err: error, route }, 'an admin page could not be made')
  return isUnavailable(error) ? sayInstead(request, AWAY, 503) : sayInstead(request, BROKEN, 500)
}
