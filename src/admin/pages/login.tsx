/** @jsxImportSource preact */
import { z } from 'zod'
import { LoginPage } from '../../../views/pages/login.tsx'
import { MessagePage } from '../../../views/pages/message.tsx'
import { page, redirect } from '../../http/html-response.ts'
import { findAccount, nameKey } from '../auth/accounts.ts'
import { clearCookie, readCookie } from '../auth/cookie.ts'
import { findDevice } from '../auth/known-devices.ts'
import { logIn } from '../auth/log-in.ts'
import type { LoginRateLimit } from '../auth/login-rate-limit.ts'
import { closeLogin } from '../auth/login-sessions.ts'
import { hasAccounts } from '../auth/one-time-links.ts'
import { readForm } from '../auth/read-form.ts'
import { BUSY, BUSY_S, comeBackAfter, refuseForm, tooManyTries } from '../auth/refuse-form.ts'
import type { AdminDeps } from '../deps.ts'
import type { AccountRequest, AdminRequest } from '../request.ts'

export async function showLogin(deps: AdminDeps, { url }: AdminRequest): Promise<Response> {
  if (!(await hasAccounts(deps))) return page(<MessagePage message={NO_ACCOUNT} />)
  return page(<LoginPage next={pathWithin(url.searchParams.get('next'))} name="" />)
}

export async function submitLogin(
  deps: AdminDeps,
  guesses: LoginRateLimit,
  { request, ip }: AdminRequest,
): Promise<Response> {
  const form = await readForm(request, credentials)
  const { name = '' } = form.raw
  const next = pathWithin(form.raw.next ?? null)
  const again = (status: number, problem: string, headers = {}) =>
    page(<LoginPage next={next} name={name} problem={problem} />, { status, headers })
  if (!form.ok) {
    const { status, problem } = refuseForm(deps, form)
    return again(status, problem)
  }

  const tried = await tryLogin(deps, guesses, { request, ip, ...form.values })
  switch (tried.outcome) {
    case 'too_many_tries': {
      const seconds = Math.ceil(tried.waitMs / 1_000)
      return again(429, tooManyTries(seconds), comeBackAfter(seconds))
    }
    case 'busy':
      return again(503, BUSY, comeBackAfter(BUSY_S))
    case 'wrong_password':
      return again(401, WRONG)
    case 'right':
      return logIn(deps, request, tried.account, next)
  }
}

export async function logout(deps: AdminDeps, { request, visitor }: AccountRequest): Promise<Response> {
  await closeLogin(deps, visitor)
  await deps.store.audit({ at: deps.clock(), who: visitor.name, what: 'logout', detail: '' })
  return redirect(request, '/admin/login', { 'set-cookie': clearCookie('login', deps.config.server) })
}

/** To the login, and back to the same page after it. */
export function toLogin({ request, url }: AdminRequest): Response {
  const wanted = request.method === 'GET' && !request.headers.has('hx-request') ? url.pathname + url.search : ''
  const next = pathWithin(wanted)
  return redirect(request, next === HOME ? '/admin/login' : `/admin/login?next=${encodeURIComponent(next)}`)
}

type Try = Pick<AdminRequest, 'request' | 'ip'> & { readonly name: string; readonly password: string }

/** A wrong name takes as long as a wrong password. */
async function tryLogin(deps: AdminDeps, guesses: LoginRateLimit, { request, ip, name, password }: Try) {
  const device = await findDevice(deps, nameKey(name), readCookie('device', request, deps.config.server))
  const guess = { address: ip, name, device }
  const waitMs = guesses.take(guess)
  if (waitMs > 0) return unheard(deps, ip, { outcome: 'too_many_tries', waitMs } as const)

  const account = await findAccount(deps, name)
  const isRight = await deps.passwords.verify(password, account?.passwordHash, device === undefined ? 'last' : 'first')
  if (isRight === 'busy') {
    guesses.giveBack(guess)
    return unheard(deps, ip, { outcome: 'busy' } as const)
  }
  if (!account || !isRight) {
    deps.observeRefusal('wrong_password')
    await deps.failedLogins.wrong(ip, account?.name)
    return { outcome: 'wrong_password' } as const
  }

  guesses.giveBack(guess)
  await deps.store.audit({ at: deps.clock(), who: account.name, what: 'login', detail: `from ${ip}` })
  return { outcome: 'right', account } as const
}

function unheard<T extends { readonly outcome: 'too_many_tries' | 'busy' }>(deps: AdminDeps, ip: string, tried: T): T {
  deps.observeRefusal(tried.outcome)
  deps.failedLogins.unheard(ip)
  return tried
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
