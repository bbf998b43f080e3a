// Who goes through the admin as a browser does: keeps cookies for the paths they are for, and goes only where a page leads to.

export type Visited = { readonly url: URL; readonly status: number; readonly text: string; readonly headers: Headers }

type Cookie = { readonly name: string; readonly value: string; readonly path: string }

export function createCookieClient() {
  const cookies = new Map<string, Cookie>()

  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const { name, value, path, maxAge } = Bun.Cookie.parse(line)
      if (maxAge === 0) cookies.delete(`${name} ${path}`)
      else cookies.set(`${name} ${path}`, { name, value, path })
    }
  }
  const cookieFor = ({ pathname }: URL) =>
    [...cookies.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')

  async function go(url: URL, init: RequestInit = {}, hops = 5): Promise<Visited> {
    if (hops === 0) throw new Error(`${url} leads round in a circle`)
    const headers = {
      ...(init.headers as Record<string, string>),
      cookie: cookieFor(url),
      'sec-fetch-site': 'same-origin',
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    keep(response)
    const location = response.headers.get('location')
    if (location !== null) return go(new URL(location, url), {}, hops - 1)
    return { url, status: response.status, text: await response.text(), headers: response.headers }
  }

  return {
    go: (url: string | URL, init?: RequestInit) => go(new URL(url), init),
    /** Follows the first address of the page that fits. */
    follow: (page: Visited, pattern: RegExp, init?: RequestInit) => {
      const address = addressesOf(page).find((each) => pattern.test(each))
      if (address === undefined) throw new Error(`nothing on ${page.url} leads to ${pattern}`)
      return go(new URL(address, page.url), init)
    },
    /** Sends the page's form of this action, with the hidden fields it has. */
    submit: (page: Visited, action: RegExp, fields: { readonly [name: string]: string }) => {
      const [, to = ''] =
        [...page.text.matchAll(/<form[^>]* action="([^"]*)"/g)].find(([, to = '']) => action.test(to)) ?? []
      if (to === '') throw new Error(`no form on ${page.url} goes to ${action}`)
      const hidden = [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, name, value]) => [name, value],
      )
      const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields })
      return go(new URL(to, page.url), { method: 'POST', body })
    },
    cookies: () => [...cookies.values()],
  }
}

/** Everything that a page makes a browser ask for, now or later. */
export const addressesOf = ({ text }: Visited): string[] =>
  [...text.matchAll(/\s(?:href|src|action|formaction|hx-\w+(?:-url)?)="([^"]*)"/g)]
    .map(([, address = '']) => address.replaceAll('&amp;', '&'))
    .filter((address) => /^[/h.]/.test(address))
