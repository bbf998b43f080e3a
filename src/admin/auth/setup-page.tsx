/** @jsxImportSource preact */
import { z } from 'zod'
import { MessagePage } from '../../../views/message.tsx'
import { SetupPage } from '../../../views/setup.tsx'
import { page, redirect } from '../../http/page.ts'
import type { AdminDeps } from '../deps.ts'
import type { Visit } from '../visit.ts'
import { findAccount, nameKey } from './account.ts'
import { readForm } from './form.ts'
import { enter } from './login-page.tsx'
import { completeSetup, isSetupToken } from './setup.ts'

export async function showSetup(deps: AdminDeps, { request, url }: Visit): Promise<Response> {
  if (await findAccount(deps)) return redirect(request, '/admin/login')
  const token = url.searchParams.get('token') ?? ''
  return (await isSetupToken(deps, token)) ? page(<SetupPage token={token} name="" />) : refusal()
}

export async function submitSetup(deps: AdminDeps, { request, ip }: Visit): Promise<Response> {
  const form = await readForm(request, newAccount)
  const { token = '', name = '' } = form.raw
  if (!(await isSetupToken(deps, token))) return refusal()
  if (!form.ok) return page(<SetupPage token={token} name={name} problem={form.problem} />, { status: 422 })

  if (!(await completeSetup(deps, form.values.name, form.values.password))) return refusal()
  const who = nameKey(form.values.name)
  await deps.store.audit({ at: deps.clock(), who, what: 'setup', detail: `from ${ip}` })
  return enter(deps, request, who, '/admin/sessions')
}

const newAccount = z
  .object({
    token: z.string(),
    name: z
      .string()
      .trim()
      .min(1, { error: 'Enter a name.' })
      .max(80, { error: 'At most 80 characters for the name.' }),
    password: z
      .string()
      .min(10, { error: 'The password needs at least 10 characters.' })
      .max(1_000, { error: 'At most 1,000 characters for the password.' }),
    again: z.string(),
  })
  .refine((form) => form.password === form.again, { error: 'The two passwords are not the same.' })

const refusal = (): Response => page(<MessagePage message={SPENT} />, { status: 403 })

const SPENT = {
  title: 'This link no longer works',
  text: 'A setup link works once, for a day, and only the newest one. Restart Screentrail for a fresh one; it is printed in the terminal or container log.',
  link: { href: '/admin/login', label: 'Go to the login' },
}
