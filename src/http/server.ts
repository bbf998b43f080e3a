// The HTTP server that all routes are added to.

import { Elysia } from 'elysia'
import type { LogLines } from '../lib/rate-limited-log.ts'
import { redactError } from '../lib/redact-error.ts'
import { mountAt } from './base-path.ts'
import type { Compress } from './compress.ts'
import type { RefusalReason } from './refusal-reasons.ts'

/** The first segments of our paths; the empty one is `/`. */
const AREAS = ['', 'flows', 'up', 'ready', 'metrics', 'api', 'admin', 'assets']

/** The server refuses larger bodies by their Content-Length. */
const SERVER_BODY_LIMIT = 64 * 1024 * 1024

/**
 * Counts the errors of clients and logs our own; responses show neither. `base`: the public path; Bun's own router does not know it
 * and is off then.
 */
export function serverOf(
  log: LogLines,
  base: string,
  observeRefusal: (reason: RefusalReason) => void,
  compress: Compress,
) {
  const failed = (error: unknown, route?: string): Response => {
    log.error({ fault: redactError(error), ...(route !== undefined && { route }) }, 'a request failed')
    return new Response('Something went wrong here; the log says what.\n', { status: 500 })
  }
  const serve = {
    maxRequestBodySize: SERVER_BODY_LIMIT,
    reusePort: false,
    development: false,
    error: (error: unknown) => failed(error),
  } as const
  const server = new Elysia({ serve, systemRouter: base === '' })
  if (base !== '') server.wrap(mountAt(base, AREAS, compress) as never)
  return server.onError(({ code, error, route }) => {
    if (code === 'NOT_FOUND') return new Response('There is nothing at this address.\n', { status: 404 })
    if (code !== 'PARSE' && code !== 'VALIDATION') return failed(error, route)
    observeRefusal('malformed')
    return new Response('The request is malformed.\n', { status: 400 })
  })
}
