import type { z } from 'zod'
import { readBytes } from '../../lib/read-bytes.ts'
import { withTimeout } from '../../lib/with-timeout.ts'

/** Reads a submitted form. `problem` is for the person who filled it in. If a field comes twice, the last one counts. */
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
  | { readonly ok: true; readonly raw: RawFields; readonly values: T }
  | { readonly ok: false; readonly raw: RawFields; readonly problem: string; readonly reason: FormErrorReason }

/** `broken_off`: the form did not arrive completely, or not in time. */
export type FormErrorReason = 'incomplete' | 'too_large' | 'broken_off'

type RawFields = { readonly [name: string]: string }

/** Our largest form is far smaller. */
const MAX_BYTES = 16_384
const TIMEOUT_MS = 10_000

type FormText = { readonly text: string } | { readonly problem: string; readonly reason: FormErrorReason }

/** Has a timeout, because anybody can send part of a form and then nothing. */
async function readText(request: Request): Promise<FormText> {
  try {
    const bytes = await withTimeout(TIMEOUT_MS, readBytes(request.body, MAX_BYTES))
    return bytes ? { text: bytes.toString() } : { problem: 'The form is too large.', reason: 'too_large' }
  } catch {
    return { problem: 'The form did not arrive whole. Send it again.', reason: 'broken_off' }
  }
}
