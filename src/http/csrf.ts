import { urlOf } from './url.ts'

/** By `Sec-Fetch-Site`; old browsers, and all on plain http outside localhost, send only `Origin`. Without either, false. */
export function isFromOurPages(request: Request): boolean {
  if (SAFE_METHODS.has(request.method)) return true
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  const host = request.headers.get('host') ?? urlOf(request).host
  return hostOf(request.headers.get('origin')) === host.toLowerCase()
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

const hostOf = (origin: string | null): string | undefined => URL.parse(origin ?? '')?.host
