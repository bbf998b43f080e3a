import type { z } from 'zod'
import { withTimeout } from '../../lib/with-timeout.ts'

/** Reads a sent form; the problem is a sentence for the person who filled it in. Of a field sent twice the last counts. */
export async function readForm<S extends z.ZodType>(request: Request, schema: S): Promise<Form<z.output<S>>> {
  const read = await readText(request)
  if ('problem' in read) return { ok: false, raw: {}, ...read }
  const raw = Object.fromEntries(new URLSearchParams(read.text))
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { ok: true, raw, values: parsed.data }
  const problem = parsed.error.issues[0]?.message ?? 'The form is not complete.'
  return { ok: false, raw, problem, reason: 'incomplete' }
}

export type Form<T> =
  | { readonly ok: true; readonly raw: Raw; readonly values: T }
  | { readonly ok: false; readonly raw: Raw; readonly problem: string; readonly reason: FormFault }

/** `broken_off`: it did not arrive whole, or not in time. */
export type FormFault = 'incomplete' | 'too_large' | 'broken_off'

type Raw = { readonly [name: string]: string }

/** Bytes; the largest form of ours is far below. */
const LIMIT = 16_384
/** A form is one packet or two; who takes longer keeps a connection and nothing else. */
const PATIENCE_MS = 10_000

type Read = { readonly text: string } | { readonly problem: string; readonly reason: FormFault }

/** Anybody can send a form, or a part of one and then nothing. */
async function readText(request: Request): Promise<Read> {
  try {
    return await withTimeout(PATIENCE_MS, readUpToLimit(request))
  } catch {
    return { problem: 'The form did not arrive whole. Send it again.', reason: 'broken_off' }
  }
}

async function readUpToLimit(request: Request): Promise<Read> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > LIMIT) return { problem: 'The form is too large.', reason: 'too_large' }
    chunks.push(chunk)
  }
  return { text: Buffer.concat(chunks).toString('utf8') }
}
