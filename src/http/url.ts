/** The address that was asked for. Whoever sends no Host, or one that is none, gets a host of ours: nothing goes by it. */
export function urlOf(request: Request): URL {
  const path = request.url.replace(/^https?:\/\/[^/]*/i, '')
  return URL.parse(request.url) ?? URL.parse(`http://localhost${path}`) ?? new URL('http://localhost/')
}
