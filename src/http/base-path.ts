// Serves below a path, such as https://example.com/wa. Only this file knows the path; a proxy in front may strip it or not.

import type { Compress } from './compress.ts'
import { urlOf } from './url.ts'

type Handle = (request: Request, ...rest: unknown[]) => Response | Promise<Response>

/**
 * Strips the path from requests, and adds it to the links of responses, before they are compressed. `base`: such as `/wa`. `areas`: the first segments of our own
 * paths, in case the base starts like one of them.
 */
export function mountAt(base: string, areas: readonly string[], compress: Compress): (handle: Handle) => Handle {
  const isOurs = (path: string): boolean => areas.includes(/^\/([^/?]*)/.exec(path)?.[1] ?? '')
  return (handle) =>
    async (request, ...rest) => {
      stripBase(request, base, isOurs)
      // What an endpoint answers has no links of ours, and goes out byte for byte.
      if (urlOf(request).pathname.startsWith('/flows/')) return handle(request, ...rest)
      return compress(request, await withBase(await handle(request, ...rest), base))
    }
}

/** Changes the request itself: the server knows the peer's address only of this object. */
function stripBase(request: Request, base: string, isOurs: (path: string) => boolean): void {
  const { url } = request
  const start = url.indexOf('/', url.indexOf('//') + 2)
  // A proxy that replaces `/wa` by `/` turns `/wa/` into `//`.
  const path = url.slice(start).replace(/^\/+/, '/')
  const below = path.startsWith(base) ? path.slice(base.length).replace(/^\/*/, '/') : path
  const isBelow = path.startsWith(base) && /^(?:[/?]|$)/.test(path.slice(base.length))
  const inside = isBelow && isOurs(below) ? below : path
  Object.defineProperty(request, 'url', { value: `${url.slice(0, start)}${inside}` })
}

async function withBase(response: Response, base: string): Promise<Response> {
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false
  const headers = new Headers(response.headers)
  for (const name of HEADERS) {
    const address = headers.get(name)
    if (address !== null && isAbsolutePath(address)) headers.set(name, base + address)
  }
  headers.delete('set-cookie')
  for (const cookie of response.headers.getSetCookie())
    headers.append('set-cookie', cookie.replace(/(;\s*path=)\//i, `$1${base}/`))
  const body = isPage ? rewriteLinks(await response.text(), base) : response.body
  return new Response(body, { status: response.status, headers })
}

/** With a parser, which does not mistake text for links. */
function rewriteLinks(html: string, base: string): string {
  const rewriter = new HTMLRewriter()
  for (const name of ATTRIBUTES)
    rewriter.on(`[${name}^="/"]`, {
      element(element) {
        const address = element.getAttribute(name) ?? ''
        if (isAbsolutePath(address)) element.setAttribute(name, base + address)
      },
    })
  return rewriter.transform(html)
}

const isAbsolutePath = (address: string): boolean => /^\/(?!\/)/.test(address)

const HEADERS = ['location', 'content-location', 'hx-location', 'hx-redirect', 'hx-push-url', 'hx-replace-url']
const ATTRIBUTES = [
  ...['href', 'src', 'action', 'formaction'],
  ...['hx-get', 'hx-post', 'hx-put', 'hx-patch', 'hx-delete', 'hx-push-url', 'hx-replace-url'],
]
