// Letting somebody in: the login, and that this browser is known from now on.

import { redirect } from '../../http/page.ts'
import type { AdminDeps } from '../deps.ts'
import type { StoredAccount } from './account.ts'
import { readCookie, writeCookie } from './cookie.ts'
import { rememberDevice } from './device.ts'
import { openLogin } from './login.ts'

/** Logs in and goes on to a page. */
export async function letIn(
  deps: AdminDeps,
  request: Request,
  account: StoredAccount,
  location: string,
): Promise<Response> {
  const { server } = deps.config
  const login = await openLogin(deps, account)
  const device = await rememberDevice(deps, account.name, readCookie('device', request, server))
  const response = redirect(request, location)
  response.headers.append('set-cookie', writeCookie('login', login, server))
  response.headers.append('set-cookie', writeCookie('device', device, server))
  return response
}
