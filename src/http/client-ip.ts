/** Each trusted proxy appends its caller to X-Forwarded-For, so the client is `trusted` places from the right; the rest is unreliable. */
export function clientIp(request: Request, peer: string | undefined, trusted: number): string {
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const forwarded = trusted > 0 ? hops.slice(-trusted)[0] : undefined
  return forwarded || peer || 'unknown'
}
