// Makes texts smaller on their way to a browser: pages, style sheets, scripts.

import { urlOf } from './url.ts'

/** Shorter ones are not worth it. */
const LEAST_BYTES = 1_000

const TEXTS = /^(?:text\/(?:html|css|javascript)|application\/javascript|image\/svg\+xml)\b/

/** The request says below which path it is, and what the browser understands. */
export type Compress = (request: Request, response: Response) => Promise<Response>

/** Do not change while the server runs, and are made smaller once. */
const FILES = '/assets/'

export function createCompressor(): Compress {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()

  return async (request, response) => {
    if (!isWorthIt(request, response)) return response
    const { pathname } = urlOf(request)
    const file = pathname.startsWith(FILES) ? pathname : undefined
    const known = file === undefined ? undefined : files.get(file)
    const bytes = known ?? (await response.bytes())
    if (!known && bytes.byteLength < LEAST_BYTES) return new Response(bytes, response)
    const small = known ?? Bun.gzipSync(bytes, { level: file === undefined ? 4 : 9 })
    if (file !== undefined) files.set(file, small)
    const headers = new Headers(response.headers)
    headers.delete('content-length')
    headers.set('content-encoding', 'gzip')
    headers.append('vary', 'accept-encoding')
    return new Response(small, { status: response.status, headers })
  }
}

const isWorthIt = (request: Request, { status, headers, body }: Response): boolean =>
  request.method === 'GET' &&
  (status === 200 || status >= 400) &&
  body !== null &&
  !headers.has('content-encoding') &&
  TEXTS.test(headers.get('content-type') ?? '') &&
  /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
