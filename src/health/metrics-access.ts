import { isBearer } from '../http/bearer-token.ts'

/** `ip`: the peer of the socket. */
export type Allow = (request: Request, ip: string | undefined) => boolean

/** Allows processes on this machine, and whoever has the token. */
export const allowScraper =
  (token?: string): Allow =>
  (request, ip) =>
    isFromThisMachine(request, ip) || (token !== undefined && isBearer(request, token))

/** Requests through a proxy on this machine have such headers. */
const isFromThisMachine: Allow = (request, ip = '') =>
  LOOPBACK.test(ip) && !FORWARDED.some((name) => request.headers.has(name))

const LOOPBACK = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i
const FORWARDED = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']
