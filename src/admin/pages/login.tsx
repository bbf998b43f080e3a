/** @jsxImportSource preact */
import { z } from 'zod'
import { LoginPage } from '../../../views/pages/login.tsx'
import { MessagePage } from '../../../views/pages/message.tsx'
import { page, redirect } from '../../http/html-response.ts'
import { findAccount, nameKey, type StoredAccount } from '../auth/accounts.ts'
import { clearCookie, readCookie } from '../auth/cookie.ts'
import { findDevice } from '../auth/known-devices.ts'
import { logIn } from '../auth/log-in.ts'
import type { LoginRateLimit } from '../auth/login-rate-limit.ts'
import { closeLogin } from '../auth/login-sessions.ts'
import { hasAccounts } from '../auth/one-time-links.ts'
import { readForm } from '../auth/read-form.ts'
import { BUSY, type FormProblem, refuseForm, tooManyTries } from '../auth/refuse-form.ts'
import type { AdminDeps } from '../deps.ts'
import type { AccountRequest, AdminRequest } from '../request.ts'

export async function getLoginPage(deps: AdminDeps, { url }: AdminRequest): Promise<Response> {
  if (!(await hasAccounts(deps))) return page(<MessagePage message={NO_ACCOUNT} />)
  return page(<LoginPage next={safePath(url.searchParams.get('next'))} name="" />)
}

export async function submitLogin(
  deps: AdminDeps,
  rateLimit: LoginRateLimit,
  { request, ip }: AdminRequest,
): Promise<Response> {
  const form = await readForm(request, loginForm)
  const { name = '' } = form.raw
  const next = safePath(form.raw.next ?? null)
  const withProblem = ({ problem, ...response }: FormProblem) =>
    page(<LoginPage next={next} name={name} problem={problem} />, response)
  if (!form.ok) return withProblem(refuseForm(deps, form))

  const checked = await checkPassword(deps, rateLimit, { request, ip, ...form.values })
  return 'problem' in checked ? withProblem(checked) : logIn(deps, request, checked, next)
}

export async function logout(deps: AdminDeps, { request, user }: AccountRequest): Promise<Response> {
  await closeLogin(deps, user)
  await deps.store.audit({ at: deps.clock(), who: user.name, what: 'logout', detail: '' })
  return redirect(request, '/admin/login', { 'set-cookie': clearCookie('login', deps.config.server) })
}

/** After the login, the browser returns to the page it asked for. */
export function redirectToLogin({ request, url }: AdminRequest): Response {
  const next = safePath(shownPath(request, url))
  return redirect(request, next === HOME ? '/admin/login' : `/admin/login?next=${encodeURIComponent(next)}`)
}

/** Of the page that the browser shows, or asks for. A part of a page is none. */
function shownPath(request: Request, url: URL): string | null {
  if (!request.headers.has('hx-request')) return request.method === 'GET' ? url.pathname + url.search : null
  const shown = URL.parse(request.headers.get('hx-current-url') ?? '')
  return shown && shown.pathname + shown.search
}

type Credentials = Pick<AdminRequest, 'request' | 'ip'> & { readonly name: string; readonly password: string }

/** Takes as long for an unknown name as for a wrong password. */
async function checkPassword(
  deps: AdminDeps,
  rateLimit: LoginRateLimit,
  { request, ip, name, password }: Credentials,
): Promise<StoredAccount | FormProblem> {
  const device = await findDevice(deps, nameKey(name), readCookie('device', request, deps.config.server))
  const attempt = { address: ip, name, device }
  const waitMs = rateLimit.take(attempt)
  if (waitMs > 0) {
    noteUnchecked(deps, ip, 'too_many_tries')
    return tooManyTries(waitMs)
  }

  const account = await findAccount(deps, name)
  const isRight = await deps.passwords.verify(password, account?.passwordHash, device === undefined ? 'last' : 'first')
  if (isRight === 'busy') {
    rateLimit.giveBack(attempt)
    noteUnchecked(deps, ip, 'busy')
    return BUSY
  }
  if (!account || !isRight) {
    deps.observeRefusal('wrong_password')
    await deps.failedLogins.wrong(ip, account?.name)
    return { status: 401, problem: 'The name or the password is wrong.' }
  }

  rateLimit.giveBack(attempt)
  await deps.store.audit({ at: deps.clock(), who: account.name, what: 'login', detail: `from ${ip}` })
  return account
}

/** Records an attempt whose password was not checked. */
function noteUnchecked(deps: AdminDeps, ip: string, why: 'too_many_tries' | 'busy'): void {
  deps.observeRefusal(why)
  deps.failedLogins.unchecked(ip)
}

const loginForm = z.object({
  name: z.string().trim().min(1, { error: 'Enter your name.' }).max(80, { error: 'That name is too long.' }),
  password: z.string().min(1, { error: 'Enter your password.' }).max(1_000, { error: 'That password is too long.' }),
  next: z.string().optional(),
})

const NO_ACCOUNT = {
  title: 'No account yet',
  text: 'The first account is made through a one-time link. Screentrail prints it in the terminal or container log when it starts; restart it for a fresh one.',
}

const HOME = '/admin'

/** The wanted path if it is an admin page, else the home page: a login never leads to another site. */
function safePath(wanted: string | null): string {
  return wanted && wanted.length <= 500 && /^\/admin\/[\w/?=&%.,:+~-]+$/.test(wanted) ? wanted : HOME
}
