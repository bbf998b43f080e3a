import type { z } from 'zod'

/** Reads a sent form; the problem is a sentence for the person who filled it in. Of a field sent twice the last counts. */
export async function readForm<S extends z.ZodType>(request: Request, schema: S): Promise<Form<z.output<S>>> {
  const text = await readText(request)
  if (text === undefined) return { ok: false, raw: {}, problem: 'The form is too large.' }
  const raw = Object.fromEntries(new URLSearchParams(text))
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { ok: true, raw, values: parsed.data }
  return { ok: false, raw, problem: parsed.error.issues[0]?.message ?? 'The form is not complete.' }
}

type Form<T> =
  | { readonly ok: true; readonly raw: Raw; readonly values: T }
  | { readonly ok: false; readonly raw: Raw; readonly problem: string }

type Raw = { readonly [name: string]: string }

/** Bytes; the largest form of ours is far below. */
const LIMIT = 16_384

/** Anybody can send a form, so reading stops at the limit; undefined for a larger one. */
async function readText(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > LIMIT) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
