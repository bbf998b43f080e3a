import type { Json } from '../lib/json.ts'

/** What is sent: JSON, and the status it goes with. */
export type ApiResponse = { readonly status: number; readonly body: string }

export const apiResponse = (status: number, body: unknown): ApiResponse => ({
  status,
  body: `${JSON.stringify(body)}\n`,
})

/** `message`: one sentence for whoever reads it. */
export const errorResponse = (status: number, code: string, message: string): ApiResponse =>
  apiResponse(status, { error: { code, message } satisfies Json })

/** Kept by no cache. */
export const responseOf = (
  { status, body }: ApiResponse,
  headers: { readonly [name: string]: string } = {},
): Response =>
  new Response(body, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
