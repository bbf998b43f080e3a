import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether the request shows the token. By their hashes, so that the time it takes tells nothing of the token. The scheme may be
 * written in any case: RFC 9110, section 11.1.
 */
export function isBearer(request: Request, token: string): boolean {
  const shown = /^bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  return shown !== undefined && timingSafeEqual(digest(shown), digest(token))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
