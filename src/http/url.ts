/** The request's URL. Without a valid Host, a placeholder, which nothing depends on. */
export function urlOf(request: Request): URL {
  const path = request.url.replace(/^https?:\/\/[^/]*/i, '')
  return URL.parse(request.url) ?? URL.parse(`http://localhost${path}`) ?? new URL('http://localhost/')
}
