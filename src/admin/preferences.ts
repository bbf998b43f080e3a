// How an account wants its pages to be.

import { z } from 'zod'
import type { PageAccount } from '../../views/layout.tsx'
import { redirect } from '../http/html-response.ts'
import { changeAccount, THEMES } from './auth/accounts.ts'
import type { LoggedInAccount } from './auth/login-sessions.ts'
import { readForm } from './auth/read-form.ts'
import type { AccountRequest, PageDeps } from './request.ts'

export const pageAccount = ({ name, account: { theme, hasKeys = true } }: LoggedInAccount): PageAccount => ({
  name,
  ...(theme && { theme }),
  hasKeys,
})

const form = z.object({ theme: z.enum(['system', ...THEMES]), keys: z.literal('on').optional() })

/** Anything but the form of the account page changes nothing. */
export async function changePreferences(deps: PageDeps, { request, user }: AccountRequest): Promise<Response> {
  const sent = await readForm(request, form)
  if (!sent.ok) return redirect(request, '/admin/account')
  const { theme, keys } = sent.values
  await changeAccount(deps, user.account.key, ({ theme: _, ...present }) => ({
    ...present,
    ...(theme !== 'system' && { theme }),
    hasKeys: keys === 'on',
  }))
  return redirect(request, '/admin/account?done=preferences')
}
