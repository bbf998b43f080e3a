// A reverse proxy as people put in front of the server, for everything below a path.

export type ReverseProxy = {
  readonly port: number
  /** Where it hands requests on to. */
  to(port: number): void
  close(): Promise<void>
}

/**
 * `strips`: takes the path away, as `location /wa/ { proxy_pass http://…/; }` of nginx does · `slips`: leaves two slashes of it,
 * as `location /wa { proxy_pass http://…/; }` does · `passes`: leaves it.
 */
export type Manner = 'strips' | 'slips' | 'passes'

export function startReverseProxy(base: string, manner: Manner): ReverseProxy {
  let target = 0
  const server = Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      if (pathname !== base && !pathname.startsWith(`${base}/`)) return new Response('not ours', { status: 502 })
      const below = pathname.slice(base.length)
      const path = { strips: below || '/', slips: `/${below}`, passes: pathname }[manner]
      const headers = new Headers(request.headers)
      headers.set('x-forwarded-for', '203.0.113.7')
      const body = request.method === 'GET' ? null : await request.arrayBuffer()
      return fetch(`http://localhost:${target}${path}${search}`, {
        method: request.method,
        headers,
        body,
        redirect: 'manual',
        // A proxy hands on what it got.
        decompress: false,
      } as RequestInit)
    },
  })
  return {
    port: server.port as number,
    to(port) {
      target = port
    },
    close: () => server.stop(true),
  }
}
