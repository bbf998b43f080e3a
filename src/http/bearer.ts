import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether the request shows the token. By their hashes, so that the time it takes tells nothing of the token. */
export const isBearer = (request: Request, token: string): boolean =>
  timingSafeEqual(digest(request.headers.get('authorization') ?? ''), digest(`Bearer ${token}`))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
