import type { Json } from '../lib/json.ts'

/** As JSON, kept by no cache. */
export const answer = (status: number, body: unknown, headers: { readonly [name: string]: string } = {}): Response =>
  new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })

/** `message`: one sentence for whoever reads it. */
export const refuse = (
  status: number,
  code: string,
  message: string,
  headers: { readonly [name: string]: string } = {},
): Response => answer(status, { error: { code, message } satisfies Json }, headers)
