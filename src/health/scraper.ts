import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether this request may see the metrics; `ip` is the address at the other end of the socket. */
export type Allow = (request: Request, ip: string | undefined) => boolean

/** Processes on this machine, and whoever has the token when there is one. */
export const allowScraper =
  (token?: string): Allow =>
  (request, ip) =>
    isFromThisMachine(request, ip) || (token !== undefined && isBearer(request, token))

/** What a proxy on this machine hands on comes from elsewhere, and says so. */
const isFromThisMachine: Allow = (request, ip = '') =>
  LOOPBACK.test(ip) && !FORWARDED.some((name) => request.headers.has(name))

const LOOPBACK = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i
const FORWARDED = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']

/** By their hashes, so that the time it takes tells nothing of the token. */
const isBearer = (request: Request, token: string): boolean =>
  timingSafeEqual(digest(request.headers.get('authorization') ?? ''), digest(`Bearer ${token}`))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
