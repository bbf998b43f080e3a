import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares hashes in constant time. The scheme is case-insensitive: RFC 9110, section 11.1. */
export function isBearer(request: Request, token: string): boolean {
  const given = /^bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
