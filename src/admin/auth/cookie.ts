import type { Config } from '../../config/schema.ts'

type Server = Pick<Config['server'], 'public_url'>

export const readCookie = (request: Request, server: Server): string | null =>
  new Bun.CookieMap(request.headers.get('cookie') ?? '').get(nameFor(server))

export const writeCookie = (value: string, server: Server): string => cookie(value, LIFE_S, server)

export const clearCookie = (server: Server): string => cookie('', 0, server)

/** When a login ends is decided on our side; the cookie only has to outlive it (400 days is the most browsers take). */
const LIFE_S = 400 * 86_400

const isSecure = ({ public_url }: Server): boolean => public_url?.startsWith('https:') ?? false

const nameFor = (server: Server): string => (isSecure(server) ? '__Secure-screentrail' : 'screentrail')

function cookie(value: string, maxAge: number, server: Server): string {
  const options = { path: '/admin', httpOnly: true, sameSite: 'lax', secure: isSecure(server), maxAge } as const
  return new Bun.Cookie(nameFor(server), value, options).serialize()
}
