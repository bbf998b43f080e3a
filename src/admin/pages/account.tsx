/** @jsxImportSource preact */
import { z } from 'zod'
import { AccountPage } from '../../../views/pages/account.tsx'
import { page, redirect } from '../../http/html-response.ts'
import { changeAccount, type StoredAccount } from '../auth/accounts.ts'
import { clearCookie, readCookie } from '../auth/cookie.ts'
import { findDevice, forgetDevices } from '../auth/known-devices.ts'
import { logIn } from '../auth/log-in.ts'
import type { LoginRateLimit } from '../auth/login-rate-limit.ts'
import { countLogins } from '../auth/login-sessions.ts'
import { isSameTwice, NOT_THE_SAME, twice } from '../auth/password-rules.ts'
import { readForm } from '../auth/read-form.ts'
import { BUSY, BUSY_S, comeBackAfter, refuseForm, tooManyTries } from '../auth/refuse-form.ts'
import type { AccountRequest, PageDeps } from '../request.ts'

export const showAccount = (deps: PageDeps, visit: AccountRequest): Promise<Response> =>
  accountPage(deps, visit, { isChanged: visit.url.searchParams.get('done') === 'password' })

export async function changePassword(
  deps: PageDeps,
  guesses: LoginRateLimit,
  visit: AccountRequest,
): Promise<Response> {
  const { request, visitor } = visit
  const form = await readForm(request, passwordForm)
  const again = (status: number, problem: string, headers = {}) =>
    accountPage(deps, visit, { isChanged: false, problem }, { status, headers })
  if (!form.ok) {
    const { status, problem } = refuseForm(deps, form)
    return again(status, problem)
  }

  // Somebody at a screen that was left alone may guess as well, but not for long.
  const guess = { address: visit.ip, name: visitor.name, device: `login ${visitor.account.key}` }
  const waitMs = guesses.take(guess)
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1_000)
    deps.observeRefusal('too_many_tries')
    return again(429, tooManyTries(seconds), comeBackAfter(seconds))
  }
  const isRight = await deps.passwords.verify(form.values.current, visitor.account.passwordHash, 'first')
  if (isRight === false) {
    deps.observeRefusal('wrong_password')
    await deps.failedLogins.wrong(visit.ip, visitor.name)
    return again(422, 'The present password is wrong.')
  }
  guesses.giveBack(guess)
  const passwordHash = isRight === 'busy' ? 'busy' : await deps.passwords.hash(form.values.password)
  if (passwordHash === 'busy') return again(503, BUSY, comeBackAfter(BUSY_S))

  const changed = await endLogins(deps, visit, { passwordHash })
  if (!changed) return redirect(request, '/admin/login')
  await audit(deps, visit, 'password_changed')
  return logIn(deps, request, changed, '/admin/account?done=password')
}

export async function logoutEverywhere(deps: PageDeps, visit: AccountRequest): Promise<Response> {
  await endLogins(deps, visit, {})
  await audit(deps, visit, 'logout_everywhere')
  return redirect(visit.request, '/admin/login', { 'set-cookie': clearCookie('login', deps.config.server) })
}

const passwordForm = z
  .object({ current: z.string().min(1, { error: 'Enter your present password.' }).max(1_000), ...twice })
  .refine(isSameTwice, NOT_THE_SAME)

/** Undefined when the account is no longer what this visitor was let in to: then somebody else has ended this login. */
async function endLogins(
  deps: PageDeps,
  { request, visitor }: AccountRequest,
  change: Pick<StoredAccount, 'passwordHash'> | Record<never, never>,
): Promise<StoredAccount | undefined> {
  const { key, epoch } = visitor.account
  const changed = await changeAccount(deps, key, (present) =>
    present.epoch === epoch ? { ...present, ...change, epoch: deps.randomId() } : undefined,
  )
  // A browser that is lost shall not be spared what strangers are not; the one in which this is done is none of those.
  if (changed)
    await forgetDevices(
      deps,
      changed.name,
      await findDevice(deps, changed.name, readCookie('device', request, deps.config.server)),
    )
  return changed
}

async function accountPage(
  deps: PageDeps,
  { visitor }: AccountRequest,
  view: { readonly isChanged: boolean; readonly problem?: string },
  answer = {},
): Promise<Response> {
  const { account, name } = visitor
  const logins = (await countLogins(deps, [account])).get(account.key) ?? 0
  return page(<AccountPage account={name} view={{ ...view, logins }} />, answer)
}

const audit = (deps: PageDeps, { visitor, ip }: AccountRequest, what: 'password_changed' | 'logout_everywhere') =>
  deps.store.audit({ at: deps.clock(), who: visitor.name, what, detail: `from ${ip}` })
