/** @jsxImportSource preact */
import { z } from 'zod'
import { LoginPage } from '../../../views/login.tsx'
import { MessagePage } from '../../../views/message.tsx'
import { page, redirect } from '../../http/page.ts'
import type { AdminDeps } from '../deps.ts'
import type { KnownVisit, Visit } from '../visit.ts'
import { authenticate, findAccount } from './account.ts'
import { clearCookie, writeCookie } from './cookie.ts'
import { readForm } from './form.ts'
import type { Guesses } from './guesses.ts'
import { closeLogin, openLogin } from './login.ts'

export async function showLogin(deps: AdminDeps, { url }: Visit): Promise<Response> {
  if (!(await findAccount(deps))) return page(<MessagePage message={NO_ACCOUNT} />)
  return page(<LoginPage next={pathWithin(url.searchParams.get('next'))} name="" />)
}

export async function submitLogin(deps: AdminDeps, guesses: Guesses, { request, ip }: Visit): Promise<Response> {
  const form = await readForm(request, credentials)
  const { name = '', next } = form.raw
  const again = (status: number, problem: string, headers = {}) =>
    page(<LoginPage next={pathWithin(next ?? null)} name={name} problem={problem} />, { status, headers })
  if (!form.ok) return again(422, form.problem)

  const waitMs = guesses.take(ip, form.values.name)
  if (waitMs > 0) return again(429, tooMany(waitMs), { 'retry-after': String(Math.ceil(waitMs / 1_000)) })

  const account = await authenticate(deps, form.values.name, form.values.password)
  const entry = { at: deps.clock(), who: account?.name ?? 'somebody', detail: `from ${ip}` }
  await deps.store.audit({ ...entry, what: account ? 'login' : 'login_failed' })
  if (!account) return again(401, WRONG)

  guesses.giveBack(ip, form.values.name)
  return enter(deps, request, account.name, pathWithin(next ?? null))
}

/** Logs in and goes on to a page. */
export async function enter(deps: AdminDeps, request: Request, name: string, location: string): Promise<Response> {
  const cookie = writeCookie(await openLogin(deps, name), deps.config.server)
  return redirect(request, location, { 'set-cookie': cookie })
}

export async function logout(deps: AdminDeps, { request, visitor }: KnownVisit): Promise<Response> {
  await closeLogin(deps, visitor)
  await deps.store.audit({ at: deps.clock(), who: visitor.name, what: 'logout', detail: '' })
  return redirect(request, '/admin/login', { 'set-cookie': clearCookie(deps.config.server) })
}

/** To the login, and back to the same page after it. */
export function toLogin({ request, url }: Visit): Response {
  const wanted = request.method === 'GET' && !request.headers.has('hx-request') ? url.pathname + url.search : ''
  const next = pathWithin(wanted)
  return redirect(request, next === HOME ? '/admin/login' : `/admin/login?next=${encodeURIComponent(next)}`)
}

const credentials = z.object({
  name: z.string().trim().min(1, { error: 'Enter your name.' }).max(80, { error: 'That name is too long.' }),
  password: z.string().min(1, { error: 'Enter your password.' }).max(1_000, { error: 'That password is too long.' }),
  next: z.string().optional(),
})

const WRONG = 'The name or the password is wrong.'

const NO_ACCOUNT = {
  title: 'No account yet',
  text: 'The first account is made through a one-time link. Screentrail prints it in the terminal or container log when it starts; restart it for a fresh one.',
}

const HOME = '/admin/sessions'

/** Where a login may lead: one of our own pages, whatever the address says. */
function pathWithin(wanted: string | null): string {
  return wanted && wanted.length <= 500 && /^\/admin\/[\w/?=&%.,:+~-]+$/.test(wanted) ? wanted : HOME
}

function tooMany(waitMs: number): string {
  const seconds = Math.ceil(waitMs / 1_000)
  return `Too many wrong tries. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
}
