import { z } from 'zod'

type Headers = { readonly [name: string]: string }

/** No cache keeps it. */
export const jsonHeaders: Headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

export const jsonResponse = (status: number, body: unknown, headers: Headers = {}): Response =>
  new Response(`${JSON.stringify(body)}\n`, { status, headers: { ...jsonHeaders, ...headers } })

export const errorShape = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) })

/** `message`: one sentence for whoever reads it. */
export const errorResponse = (status: number, code: string, message: string, headers?: Headers): Response =>
  jsonResponse(status, { error: { code, message } } satisfies z.output<typeof errorShape>, headers)
