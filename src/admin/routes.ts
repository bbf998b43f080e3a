// Every address of the admin. Whatever is not named as open asks for a login.

import { Elysia } from 'elysia'
import { clientIp } from '../http/client-ip.ts'
import { isFromOurPages } from '../http/csrf.ts'
import { redirect } from '../http/page.ts'
import { urlOf } from '../http/url.ts'
import { isUnavailable } from '../lib/unavailable.ts'
import { changePassword, logoutEverywhere, showAccount } from './account.tsx'
import { assets } from './assets.ts'
import { readCookie } from './auth/cookie.ts'
import { createGuesses } from './auth/guesses.ts'
import { findVisitor } from './auth/login.ts'
import { logout, showLogin, submitLogin, toLogin } from './auth/login-page.tsx'
import { showSetup, submitSetup } from './auth/setup-page.tsx'
import { createCalendar } from './calendar.ts'
import type { AdminDeps } from './deps.ts'
import { sendExport } from './export.ts'
import { showHealth } from './health.tsx'
import { showIncidents } from './incidents.tsx'
import { AWAY, BROKEN, FOREIGN, NOT_FOUND, sayInstead } from './message.tsx'
import { showSession } from './session.tsx'
import { showSessions } from './sessions.tsx'
import type { KnownVisit, PageDeps, Visit } from './visit.ts'

/** The admin pages under `/admin` and what they load under `/assets`. */
export function adminRoutes(given: AdminDeps) {
  const deps: PageDeps = { ...given, calendar: createCalendar(given.config.server.timezone) }
  const guesses = createGuesses(deps.clock)

  const pages = new Elysia({ prefix: '/admin' })
    .onError(({ error, request, code, route }) => answerError(deps, { request, route }, code, error))
    .onBeforeHandle(({ request }) => {
      if (isFromOurPages(request)) return undefined
      deps.observeRefusal('foreign')
      return sayInstead(request, FOREIGN, 403)
    })
    .resolve(async ({ request, server }) => {
      const ip = clientIp(request, server?.requestIP(request)?.address, deps.config.server.trusted_proxies)
      const visitor = await findVisitor(deps, readCookie('login', request, deps.config.server))
      const visit: Visit = { request, url: urlOf(request), ip, ...(visitor && { visitor }) }
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
function known(visit: Visit): KnownVisit {
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
