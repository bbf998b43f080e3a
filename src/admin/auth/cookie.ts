import type { Config } from '../../config/schema.ts'

type Server = Pick<Config['server'], 'public_url'>

/** `login`: the current login. `device`: marks a browser that has logged in before. */
export type CookieKind = 'login' | 'device'

export const readCookie = (kind: CookieKind, request: Request, server: Server): string | null =>
  new Bun.CookieMap(request.headers.get('cookie') ?? '').get(nameFor(kind, server))

export const writeCookie = (kind: CookieKind, value: string, server: Server): string =>
  cookie(kind, value, MAX_AGE_S, server)

export const clearCookie = (kind: CookieKind, server: Server): string => cookie(kind, '', 0, server)

/** The server decides when a login ends; the cookie only has to outlive it. 400 days is the browsers' limit. */
const MAX_AGE_S = 400 * 86_400

const NAMES: { readonly [kind in CookieKind]: string } = { login: 'screentrail', device: 'screentrail-device' }

const isSecure = ({ public_url }: Server): boolean => public_url?.startsWith('https:') ?? false

const nameFor = (kind: CookieKind, server: Server): string =>
  isSecure(server) ? `__Secure-${NAMES[kind]}` : NAMES[kind]

function cookie(kind: CookieKind, value: string, maxAge: number, server: Server): string {
  const options = { path: '/admin', httpOnly: true, sameSite: 'lax', secure: isSecure(server), maxAge } as const
  return new Bun.Cookie(nameFor(kind, server), value, options).serialize()
}
