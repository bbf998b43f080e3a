import { urlOf } from './url.ts'

/**
 * Whether a request that changes something was sent by one of our own pages. Browsers say so in `Sec-Fetch-Site`; the ones
 * that do not (and every browser on plain http outside localhost) still send `Origin`. A request with neither is refused.
 */
export function isFromOurPages(request: Request): boolean {
  if (SAFE_METHODS.has(request.method)) return true
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const host = request.headers.get('host') ?? urlOf(request).host
  return hostOf(request.headers.get('origin')) === host.toLowerCase()
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

const hostOf = (origin: string | null): string | undefined => URL.parse(origin ?? '')?.host
