/**
 * Who is really asking. Each trusted proxy appends the address it was called from to X-Forwarded-For, so with `trusted` of
 * them the client is that many places from the right; whatever stands further left was written by the client itself.
 */
export function clientIp(request: Request, peer: string | undefined, trusted: number): string {
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const forwarded = trusted > 0 ? hops.slice(-trusted)[0] : undefined
  return forwarded || peer || 'unknown'
}
