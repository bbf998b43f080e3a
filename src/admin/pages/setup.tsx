/** @jsxImportSource preact */
import { z } from 'zod'
import { MessagePage } from '../../../views/pages/message.tsx'
import { SetupPage } from '../../../views/pages/setup.tsx'
import { page, redirect } from '../../http/html-response.ts'
import { logIn } from '../auth/log-in.ts'
import { completeSetup, findSetup, hasAccounts } from '../auth/one-time-links.ts'
import { newName, newPasswordFields, PASSWORDS_DIFFER, passwordsMatch } from '../auth/password-rules.ts'
import { readForm } from '../auth/read-form.ts'
import { BUSY, type FormProblem, refuseForm } from '../auth/refuse-form.ts'
import type { AdminDeps } from '../deps.ts'
import type { AdminRequest } from '../request.ts'

export async function getSetupPage(deps: AdminDeps, { request, url }: AdminRequest): Promise<Response> {
  const [token, account] = [url.searchParams.get('token') ?? '', url.searchParams.get('account')]
  if (account === null && (await hasAccounts(deps))) return redirect(request, '/admin/login')
  const setup = await findSetup(deps, token, account)
  if (!setup) return invalidLink(deps)
  const name = setup.account?.name ?? ''
  return page(<SetupPage token={token} name={name} isNew={!setup.account} />)
}

export async function submitSetup(deps: AdminDeps, { request, ip }: AdminRequest): Promise<Response> {
  const form = await readForm(request, setupForm)
  const { token = '', name = '' } = form.raw
  const setup = await findSetup(deps, token, form.raw.account ?? null)
  if (!setup) return invalidLink(deps)
  const withProblem = ({ problem, ...response }: FormProblem) => {
    const view = { token, name: setup.account?.name ?? name, isNew: !setup.account, problem }
    return page(<SetupPage {...view} />, response)
  }
  if (!form.ok) return withProblem(refuseForm(deps, form))

  const passwordHash = await deps.passwords.hash(form.values.password)
  if (passwordHash === 'busy') return withProblem(BUSY)
  const account = await completeSetup(deps, setup, { name: form.values.name, passwordHash })
  if (!account) return invalidLink(deps)
  const what = setup.account ? 'password_chosen' : 'setup'
  await deps.store.audit({ at: deps.clock(), who: account.name, what, detail: `from ${ip}` })
  return logIn(deps, request, account, '/admin')
}

const setupForm = z
  .object({ token: z.string(), account: z.string().optional(), name: newName, ...newPasswordFields })
  .refine(passwordsMatch, PASSWORDS_DIFFER)

function invalidLink(deps: AdminDeps): Response {
  deps.observeRefusal('spent_link')
  return page(<MessagePage message={INVALID_LINK} />, { status: 403 })
}

const INVALID_LINK = {
  title: 'This link no longer works',
  text: 'A setup link works once, for a day, and only the newest one. Restart Screentrail for a fresh one; it is printed in the terminal or container log.',
  link: { href: '/admin/login', label: 'Go to the login' },
}
