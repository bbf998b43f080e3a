import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { PRIVATE_HEADERS } from './headers.ts'

export type HtmlResponse = { readonly status?: number; readonly headers?: { readonly [name: string]: string } }

/** A whole document. */
export const page = (view: VNode, answer: HtmlResponse = {}): Response =>
  respond(`<!doctype html>${render(view)}`, answer)

/** A part of a page, for htmx. */
export const fragment = (view: VNode, answer: HtmlResponse = {}): Response => respond(render(view), answer)

export const wantsFragment = (request: Request): boolean => request.headers.get('hx-request-type') === 'partial'

/** Redirects the browser, also from htmx, which would otherwise put the other page inside this one. */
export function redirect(request: Request, location: string, headers: HtmlResponse['headers'] = {}): Response {
  const [status, name] = request.headers.has('hx-request') ? [200, 'hx-redirect'] : [303, 'location']
  return new Response(null, { status, headers: { ...PRIVATE_HEADERS, ...headers, [name]: location } })
}

/** A file to be saved. */
export const attachment = (body: BodyInit, name: string, type: string): Response =>
  new Response(body, {
    headers: {
      ...PRIVATE_HEADERS,
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
    },
  })

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
