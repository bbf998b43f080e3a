/** @jsxImportSource preact */
import { z } from 'zod'
import { AccountPage, type AccountView } from '../../../views/pages/account.tsx'
import { type HtmlResponse, page, redirect } from '../../http/html-response.ts'
import { changeAccount, type StoredAccount } from '../auth/accounts.ts'
import { clearCookie, readCookie } from '../auth/cookie.ts'
import { findDevice, forgetDevices } from '../auth/known-devices.ts'
import { logIn } from '../auth/log-in.ts'
import type { LoginRateLimit } from '../auth/login-rate-limit.ts'
import { countLogins } from '../auth/login-sessions.ts'
import { newPasswordFields, PASSWORDS_DIFFER, passwordsMatch } from '../auth/password-rules.ts'
import { readForm } from '../auth/read-form.ts'
import { BUSY, type FormProblem, refuseForm, tooManyTries } from '../auth/refuse-form.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'

export const getAccountPage = (deps: PageDeps, incoming: AccountRequest): Promise<Response> =>
  renderAccount(deps, incoming, {
    isChanged: incoming.url.searchParams.get('done') === 'password',
    areKept: incoming.url.searchParams.get('done') === 'preferences',
  })

export async function changePassword(
  deps: PageDeps,
  rateLimit: LoginRateLimit,
  incoming: AccountRequest,
): Promise<Response> {
  const { request, user } = incoming
  const form = await readForm(request, passwordForm)
  const withProblem = ({ problem, ...response }: FormProblem) =>
    renderAccount(deps, incoming, { isChanged: false, areKept: false, problem }, response)
  if (!form.ok) return withProblem(refuseForm(deps, form))

  // Limits the guesses of somebody who finds a browser logged in.
  const attempt = { address: incoming.ip, name: user.name, device: `login ${user.account.key}` }
  const waitMs = rateLimit.take(attempt)
  if (waitMs > 0) {
    deps.observeRefusal('too_many_tries')
    return withProblem(tooManyTries(waitMs))
  }
  const isMatch = await deps.passwords.verify(form.values.current, user.account.passwordHash, 'first')
  if (isMatch === false) {
    deps.observeRefusal('wrong_password')
    await deps.failedLogins.wrong(incoming.ip, user.name)
    return withProblem({ status: 422, problem: 'The present password is wrong.' })
  }
  rateLimit.giveBack(attempt)
  const passwordHash = isMatch === 'busy' ? 'busy' : await deps.passwords.hash(form.values.password)
  if (passwordHash === 'busy') return withProblem(BUSY)

  const changed = await endLogins(deps, incoming, { passwordHash })
  if (!changed) return redirect(request, '/admin/login')
  await audit(deps, incoming, 'password_changed')
  return logIn(deps, request, changed, '/admin/account?done=password')
}

export async function logoutEverywhere(deps: PageDeps, incoming: AccountRequest): Promise<Response> {
  await endLogins(deps, incoming, {})
  await audit(deps, incoming, 'logout_everywhere')
  return redirect(incoming.request, '/admin/login', { 'set-cookie': clearCookie('login', deps.config.server) })
}

const passwordForm = z
  .object({ current: z.string().min(1, { error: 'Enter your present password.' }).max(1_000), ...newPasswordFields })
  .refine(passwordsMatch, PASSWORDS_DIFFER)

/** Undefined if somebody else has ended this login meanwhile. */
async function endLogins(
  deps: PageDeps,
  { request, user }: AccountRequest,
  change: Pick<StoredAccount, 'passwordHash'> | Record<never, never>,
): Promise<StoredAccount | undefined> {
  const { key, epoch } = user.account
  const changed = await changeAccount(deps, key, (present) =>
    present.epoch === epoch ? { ...present, ...change, epoch: deps.randomId() } : undefined,
  )
  // A lost browser must no longer count as known. The browser of this request stays known.
  if (changed) {
    const device = await findDevice(deps, changed.name, readCookie('device', request, deps.config.server))
    await forgetDevices(deps, changed.name, device)
  }
  return changed
}

async function renderAccount(
  deps: PageDeps,
  { user }: AccountRequest,
  view: Omit<AccountView, 'logins'>,
  response: HtmlResponse = {},
): Promise<Response> {
  const { account } = user
  const logins = (await countLogins(deps, [account])).get(account.key) ?? 0
  return page(<AccountPage account={pageAccount(user)} view={{ ...view, logins }} />, response)
}

const audit = (deps: PageDeps, { user, ip }: AccountRequest, what: 'password_changed' | 'logout_everywhere') =>
  deps.store.audit({ at: deps.clock(), who: user.name, what, detail: `from ${ip}` })
