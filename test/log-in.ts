// An account on a whole app, without a browser.

import type { Api } from './api-kit.ts'

/** Makes the first account; returns the cookie of who is logged in. */
export async function logIn(api: {
  readonly app: Pick<Api['app'], 'setupLink'>
  readonly send: Api['send']
}): Promise<string> {
  const link = new URL((await api.app.setupLink('http://localhost')) as string)
  const token = link.searchParams.get('token') as string
  const form = { token, name: 'Ada', password: 'three blind mice', again: 'three blind mice' }
  const reply = await api.send('/admin/setup', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(form),
  })
  return reply.headers.getSetCookie()[0]?.split(';')[0] as string
}
