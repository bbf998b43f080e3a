// Verifies, decrypts and parses an HTTP request of Meta's client.

import type { IncidentCategory } from '../trail/incident.ts'
import { openEnvelope, parseEnvelope, type ReplyKey } from '../wire/envelope.ts'
import type { FlowKey } from '../wire/keys.ts'
import { type Declared, type FlowRequest, parseRequest } from '../wire/request.ts'
import { FOREIGN_SIGNATURE, signatureProblem, tokenSignatureProblem } from '../wire/signature.ts'
import type { BodyReader } from './request-body.ts'

export type Admission =
  | { readonly kind: 'refused'; category: IncidentCategory; detail: string; replyKey?: ReplyKey }
  | { readonly kind: 'ping'; replyKey: ReplyKey }
  | { readonly kind: 'request'; request: FlowRequest; bytes: Uint8Array; replyKey: ReplyKey }

export type AdmissionDeps = OpeningDeps & { readonly readBody: BodyReader }

export type OpeningDeps = {
  /** Newest first. */
  readonly keys: readonly FlowKey[]
  /** Undefined with `signature: off`. */
  readonly appSecrets: readonly string[] | undefined
  /** Called for each signature. */
  readonly onSignature?: (isOurs: boolean) => void
}

export async function admit(http: Request, declared: Declared, deps: AdmissionDeps): Promise<Admission> {
  const body = await deps.readBody(http)
  if ('problem' in body) return refused(body.problem, body.detail)
  return openRequest(body.bytes, http.headers.get(SIGNATURE_HEADER), declared, deps)
}

export const SIGNATURE_HEADER = 'x-hub-signature-256'

/** `bytes`: as received. The cheap checks come first: without the app secret nobody can cause RSA work. */
export async function openRequest(
  bytes: Uint8Array,
  signature: string | null,
  declared: Declared,
  { keys, appSecrets, onSignature }: OpeningDeps,
): Promise<Admission> {
  const forged = appSecrets && signatureProblem(signature, bytes, appSecrets)
  if (appSecrets && (!forged || forged === FOREIGN_SIGNATURE)) onSignature?.(!forged)
  if (forged) return refused('bad_signature', forged)

  const envelope = parseEnvelope(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())
  if ('problem' in envelope) return refused('malformed', envelope.problem)

  const opened = await openEnvelope(envelope, keys)
  if (!opened.ok) return refused('decrypt_failed', opened.detail)
  const { replyKey } = opened

  const parsed = parseRequest(opened.text, declared)
  if (parsed.kind === 'malformed') return refused('malformed', parsed.detail)
  if (parsed.kind === 'ping') return { kind: 'ping', replyKey }

  const { token, tokenSignature } = parsed.request
  const impostor =
    appSecrets && tokenSignature !== undefined && tokenSignatureProblem(tokenSignature, token, appSecrets)
  if (impostor) return { kind: 'refused', category: 'token_refused', detail: impostor, replyKey }

  return { kind: 'request', request: parsed.request, bytes, replyKey }
}

const refused = (category: IncidentCategory, detail: string): Admission => ({ kind: 'refused', category, detail })
