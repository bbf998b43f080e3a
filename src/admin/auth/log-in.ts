import { redirect } from '../../http/html-response.ts'
import type { AdminDeps } from '../deps.ts'
import type { StoredAccount } from './accounts.ts'
import { readCookie, writeCookie } from './cookie.ts'
import { rememberDevice } from './known-devices.ts'
import { openLogin } from './login-sessions.ts'

/** Opens a login, remembers the browser as known, and redirects to `location`. */
export async function logIn(
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
