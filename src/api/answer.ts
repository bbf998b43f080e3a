import type { Json } from '../lib/json.ts'

/** What is sent: JSON, and the status it goes with. */
export type Answer = { readonly status: number; readonly body: string }

export const answer = (status: number, body: unknown): Answer => ({ status, body: `${JSON.stringify(body)}\n` })

/** `message`: one sentence for whoever reads it. */
export const refusal = (status: number, code: string, message: string): Answer =>
  answer(status, { error: { code, message } satisfies Json })

/** Kept by no cache. */
export const responseOf = ({ status, body }: Answer, headers: { readonly [name: string]: string } = {}): Response =>
  new Response(body, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
