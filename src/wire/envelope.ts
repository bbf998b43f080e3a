// Meta's envelope for Flow data: an AES key of its own for every request, wrapped with the business's RSA key.
// https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint#request-decryption-and-encryption

import { type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto'
import type { FlowKey } from './keys.ts'

/** The three base64 strings of a request body. */
export type Envelope = {
  readonly encryptedFlowData: string
  readonly encryptedAesKey: string
  readonly initialVector: string
}

/** What the reply to a request is sealed with. */
export type ReplyKey = { readonly aesKey: Buffer; readonly iv: Buffer }

export type Opened =
  | { readonly ok: true; readonly text: string; readonly replyKey: ReplyKey }
  | { readonly ok: false; readonly detail: string }

const TAG_BYTES = 16
const IV_BYTES = 16
const CIPHERS: { readonly [keyBytes: number]: CipherGCMTypes } = {
  16: 'aes-128-gcm',
  24: 'aes-192-gcm',
  32: 'aes-256-gcm',
}

/** The envelope in a request body, or a sentence that says what the body is instead. */
export function parseEnvelope(body: string): Envelope | { readonly problem: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return { problem: 'the body is not JSON' }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return { problem: 'the body is not a JSON object' }
  const { encrypted_flow_data, encrypted_aes_key, initial_vector } = parsed as Record<string, unknown>
  if (typeof encrypted_flow_data !== 'string') return { problem: 'encrypted_flow_data is not a string' }
  if (typeof encrypted_aes_key !== 'string') return { problem: 'encrypted_aes_key is not a string' }
  if (typeof initial_vector !== 'string') return { problem: 'initial_vector is not a string' }
  return {
    encryptedFlowData: encrypted_flow_data,
    encryptedAesKey: encrypted_aes_key,
    initialVector: initial_vector,
  }
}

/** Opens a request with the first of the keys that fits. The RSA work runs off the event loop. */
export async function openEnvelope(envelope: Envelope, keys: readonly FlowKey[]): Promise<Opened> {
  const aesKey = await unwrapKey(Buffer.from(envelope.encryptedAesKey, 'base64'), keys)
  if (!aesKey) return { ok: false, detail: 'none of our private keys opens the AES key' }

  const cipher = CIPHERS[aesKey.length]
  if (!cipher) return { ok: false, detail: `the AES key has ${aesKey.length} bytes; expected 16 or 32` }

  const iv = Buffer.from(envelope.initialVector, 'base64')
  if (iv.length !== IV_BYTES)
    return { ok: false, detail: `the initial vector has ${iv.length} bytes; expected ${IV_BYTES}` }

  const sealed = Buffer.from(envelope.encryptedFlowData, 'base64')
  if (sealed.length < TAG_BYTES) return { ok: false, detail: 'the flow data is shorter than its authentication tag' }

  try {
    const decipher = createDecipheriv(cipher, aesKey, iv, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    const text = decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    return { ok: true, text, replyKey: { aesKey, iv } }
  } catch {
    return { ok: false, detail: 'the flow data does not pass its authentication tag' }
  }
}

/** The reply's text under the request's AES key and its initial vector with every bit inverted, as base64. */
export function sealReply(text: string, { aesKey, iv }: ReplyKey): string {
  const cipher = createCipheriv(
    CIPHERS[aesKey.length] as CipherGCMTypes,
    aesKey,
    iv.map((byte) => ~byte),
    {
      authTagLength: TAG_BYTES,
    },
  )
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** Bytes of the sealed reply for a text of so many bytes. */
export const sealedBytes = (textBytes: number): number => Math.ceil((textBytes + TAG_BYTES) / 3) * 4

async function unwrapKey(wrapped: Buffer, keys: readonly FlowKey[]): Promise<Buffer | undefined> {
  for (const key of keys) {
    try {
      return Buffer.from(await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, key, new Uint8Array(wrapped)))
    } catch {
      // Wrapped for another key, or damaged: the two cannot be told apart, so the next key is tried.
    }
  }
  return undefined
}
