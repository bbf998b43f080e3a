// The server below a path, as when people reach it at https://example.com/wa. Here alone that is known: inside, every address is
// as if there were no such path, and a proxy in front may take it away or leave it.

type Handle = (request: Request, ...rest: unknown[]) => Response | Promise<Response>

/**
 * Takes the path off the addresses of requests, and puts it before those that answers lead to. `base`: such as `/wa`. `areas`:
 * what our own addresses begin with, for a base that does so too.
 */
export function mountAt(base: string, areas: readonly string[]): (handle: Handle) => Handle {
  const isOurs = (path: string): boolean => areas.includes(/^\/([^/?]*)/.exec(path)?.[1] ?? '')
  return (handle) =>
    async (request, ...rest) => {
      takeOff(request, base, isOurs)
      return putBefore(await handle(request, ...rest), base)
    }
}

/** Of the request itself: for a copy, the server could not tell the address at the other end. */
function takeOff(request: Request, base: string, isOurs: (path: string) => boolean): void {
  const { url } = request
  const start = url.indexOf('/', url.indexOf('//') + 2)
  // A proxy that is to replace `/wa` by `/` makes `//` of `/wa/`.
  const path = url.slice(start).replace(/^\/+/, '/')
  const below = path.startsWith(base) ? path.slice(base.length).replace(/^\/*/, '/') : path
  const isBelow = path.startsWith(base) && /^(?:[/?]|$)/.test(path.slice(base.length))
  const inside = isBelow && isOurs(below) ? below : path
  Object.defineProperty(request, 'url', { value: `${url.slice(0, start)}${inside}` })
}

async function putBefore(response: Response, base: string): Promise<Response> {
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false
  const headers = new Headers(response.headers)
  for (const name of LEADING) {
    const address = headers.get(name)
    if (address !== null && isAbsolutePath(address)) headers.set(name, base + address)
  }
  headers.delete('set-cookie')
  for (const cookie of response.headers.getSetCookie())
    headers.append('set-cookie', cookie.replace(/(;\s*path=)\//i, `$1${base}/`))
  const body = isPage ? rewritten(await response.text(), base) : response.body
  return new Response(body, { status: response.status, headers })
}

/** By a parser, so that it cannot mistake for an address what a person wrote. */
function rewritten(html: string, base: string): string {
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

const LEADING = ['location', 'content-location', 'hx-location', 'hx-redirect', 'hx-push-url', 'hx-replace-url']
const ATTRIBUTES = [
  ...['href', 'src', 'action', 'formaction'],
  ...['hx-get', 'hx-post', 'hx-put', 'hx-patch', 'hx-delete', 'hx-push-url', 'hx-replace-url'],
]
