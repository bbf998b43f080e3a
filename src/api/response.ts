import type { Json } from '../lib/json.ts'

type Headers = { readonly [name: string]: string }

/** No cache keeps it. */
export const jsonResponse = (status: number, body: unknown, headers: Headers = {}): Response =>
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
export const errorResponse = (status: number, code: string, message: string, headers?: Headers): Response =>
  jsonResponse(status, { error: { code, message } satisfies Json }, headers)
