import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { PRIVATE_HEADERS } from './headers.ts'

export type HtmlResponse = { readonly status?: number; readonly headers?: { readonly [name: string]: string } }

/** A whole document. */
export const page = (view: VNode, answer: HtmlResponse = {}): Response =>
  respond(`<!doctype html>${render(view)}`, answer)

/** A part of a page, for htmx to put in place. */
export const fragment = (view: VNode, answer: HtmlResponse = {}): Response => respond(render(view), answer)

/** Whether htmx asks for a part of the page rather than for all of it. */
export const wantsFragment = (request: Request): boolean => request.headers.get('hx-request-type') === 'partial'

/** Sends the browser on with a GET, also when htmx asked: htmx would put the other page inside this one. */
export function redirect(request: Request, location: string, headers: HtmlResponse['headers'] = {}): Response {
  const [status, name] = request.headers.has('hx-request') ? [200, 'hx-redirect'] : [303, 'location']
  return new Response(null, { status, headers: { ...PRIVATE_HEADERS, ...headers, [name]: location } })
}

function respond(html: string, { status = 200, headers = {} }: HtmlResponse): Response {
  return new Response(html, {
    status,
    headers: {
      ...PRIVATE_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      vary: 'HX-Request, HX-Request-Type',
      ...headers,
    },
  })
}
