import { isBearer } from '../http/bearer-token.ts'

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
