// Meta's envelope for Flow data: each request has its own AES key, encrypted with the business's RSA key.
// https://developers.facebook.com/docs/whatsapp/flows/guides/implementingyourflowendpoint#request-decryption-and-encryption

import { type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto'
import { isObject, parseJson } from '../lib/json.ts'
import type { FlowKey } from './keys.ts'

const PARTS = ['encrypted_flow_data', 'encrypted_aes_key', 'initial_vector'] as const

/** The parts of a request body, in base64. */
export type Envelope = { readonly [part in (typeof PARTS)[number]]: string }

/** Encrypts the reply to a request. */
export type ReplyKey = { readonly aesKey: Buffer; readonly iv: Buffer }

type Opened =
  | { readonly ok: true; readonly text: string; readonly replyKey: ReplyKey }
  | { readonly ok: false; readonly detail: string }

const TAG_BYTES = 16
const IV_BYTES = 16
const CIPHERS: { readonly [keyBytes: number]: CipherGCMTypes } = {
  16: 'aes-128-gcm',
  24: 'aes-192-gcm',
  32: 'aes-256-gcm',
}

export function parseEnvelope(body: string): Envelope | { readonly problem: string } {
  const parsed = parseJson(body)
  if (parsed === undefined) return { problem: 'the body is not JSON' }
  if (!isObject(parsed)) return { problem: 'the body is not a JSON object' }
  const wrong = PARTS.find((part) => typeof parsed[part] !== 'string')
  if (wrong !== undefined) return { problem: `${wrong} is not a string` }
  const { encrypted_flow_data, encrypted_aes_key, initial_vector } = parsed as Envelope
  return { encrypted_flow_data, encrypted_aes_key, initial_vector }
}

/** Decrypts a request with the first key that fits. The RSA work runs off the event loop. */
export async function openEnvelope(envelope: Envelope, keys: readonly FlowKey[]): Promise<Opened> {
  const aesKey = await unwrapKey(Buffer.from(envelope.encrypted_aes_key, 'base64'), keys)
  if (!aesKey) return { ok: false, detail: 'none of our private keys opens the AES key' }

  const cipher = CIPHERS[aesKey.length]
  if (!cipher) return { ok: false, detail: `the AES key has ${aesKey.length} bytes; expected 16 or 32` }

  const iv = Buffer.from(envelope.initial_vector, 'base64')
  if (iv.length !== IV_BYTES)
    return { ok: false, detail: `the initial vector has ${iv.length} bytes; expected ${IV_BYTES}` }

  const sealed = Buffer.from(envelope.encrypted_flow_data, 'base64')
  if (sealed.length < TAG_BYTES) return { ok: false, detail: 'the flow data is shorter than its authentication tag' }

  const text = decrypt(sealed, cipher, { aesKey, iv })
  if (text === undefined) return { ok: false, detail: 'the flow data does not pass its authentication tag' }
  return { ok: true, text, replyKey: { aesKey, iv } }
}

function decrypt(sealed: Buffer, cipher: CipherGCMTypes, { aesKey, iv }: ReplyKey): string | undefined {
  try {
    const decipher = createDecipheriv(cipher, aesKey, iv, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    return decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}

/** Encrypts the reply under the request's AES key and its initial vector with every bit inverted; base64. */
export function sealReply(text: string, { aesKey, iv }: ReplyKey): string {
  const algorithm = CIPHERS[aesKey.length] as CipherGCMTypes
  const cipher = createCipheriv(algorithm, aesKey, inverted(iv), { authTagLength: TAG_BYTES })
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** The plaintext of a reply that another endpoint sealed; undefined if it is none under this key. */
export function openReply(body: string, { aesKey, iv }: ReplyKey): string | undefined {
  const sealed = Buffer.from(body, 'base64')
  if (sealed.length < TAG_BYTES) return undefined
  return decrypt(sealed, CIPHERS[aesKey.length] as CipherGCMTypes, { aesKey, iv: inverted(iv) })
}

const inverted = (iv: Buffer): Buffer => iv.map((byte) => ~byte) as Buffer

/** Bytes of the encrypted reply. */
export const sealedBytes = (textBytes: number): number => Math.ceil((textBytes + TAG_BYTES) / 3) * 4

async function unwrapKey(wrapped: Buffer, keys: readonly FlowKey[]): Promise<Buffer | undefined> {
  for (const key of keys) {
    const aesKey = await key.unwrap(wrapped)
    if (aesKey) return aesKey
  }
  return undefined
}
