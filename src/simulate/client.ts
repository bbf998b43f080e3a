// The phone's side of the encrypted envelope. It shares no cryptography with the endpoint, so that it can test whether an endpoint
// keeps to the protocol.

import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { isObject, type JsonObject, parseJson } from '../lib/json.ts'

/** What only the sender of a request knows, and needs to read the reply. */
export type Secret = { readonly key: Uint8Array; readonly iv: Uint8Array }

export type Sealed = {
  readonly body: string
  readonly headers: { readonly [name: string]: string }
  readonly secret: Secret
}

export type OpenedReply =
  | { readonly ok: true; readonly reply: JsonObject }
  /** What was found instead, as the second half of a sentence. `isPlain`: whether the body cannot be encrypted. */
  | { readonly ok: false; readonly found: string; readonly isPlain: boolean }

/** A fresh key and IV each time: the same request sealed twice shares no bytes. Without a secret it goes out unsigned. */
export const sealRequest = (request: JsonObject, publicKey: KeyObject, appSecret: string | undefined): Sealed =>
  sealText(JSON.stringify(request), publicKey, appSecret)

export function sealText(text: string, publicKey: KeyObject, appSecret: string | undefined): Sealed {
  const secret: Secret = { key: randomBytes(16), iv: randomBytes(16) }
  const wrapped = publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    secret.key,
  )
  const cipher = createCipheriv('aes-128-gcm', secret.key, secret.iv)
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  const body = JSON.stringify({
    encrypted_flow_data: encrypted.toString('base64'),
    encrypted_aes_key: wrapped.toString('base64'),
    initial_vector: Buffer.from(secret.iv).toString('base64'),
  })
  const signature = appSecret === undefined ? {} : { 'x-hub-signature-256': signBody(body, appSecret) }
  return { body, headers: { 'content-type': 'application/json', ...signature }, secret }
}

export const signBody = (body: string, appSecret: string): string =>
  `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`

/** The `flow_token_signature` of data API 4.0: a JWT, HS256 under the app secret. */
export function signToken(token: string, appSecret: string): string {
  const part = (content: JsonObject) => Buffer.from(JSON.stringify(content)).toString('base64url')
  const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ flow_token: token })}`
  return `${content}.${createHmac('sha256', appSecret).update(content).digest('base64url')}`
}

/** Reads a reply's body: base64 of AES-128-GCM under the request's key and its IV with every bit inverted. */
export function openReply(body: string, { key, iv }: Secret): OpenedReply {
  if (!BASE64.test(body) || body.length % 4 !== 0)
    return { ok: false, found: `a body that is not base64: ${excerpt(body)}`, isPlain: true }
  const bytes = Buffer.from(body, 'base64')
  if (bytes.length < TAG_BYTES)
    return { ok: false, found: `a body of ${bytes.length} bytes, too short to be encrypted`, isPlain: true }

  const text = decrypt(bytes, key, inverted(iv))
  if (text === undefined) {
    const why = decrypt(bytes, key, iv) === undefined ? "the request's key does not open" : 'whose IV was not inverted'
    return { ok: false, found: `a body ${why}`, isPlain: false }
  }
  const reply = parseJson(text)
  if (isObject(reply)) return { ok: true, reply }
  return { ok: false, found: `encrypted text that is not a JSON object: ${excerpt(text)}`, isPlain: false }
}

const TAG_BYTES = 16
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

const inverted = (iv: Uint8Array): Uint8Array => iv.map((byte) => byte ^ 0xff)

function decrypt(bytes: Buffer, key: Uint8Array, iv: Uint8Array): string | undefined {
  const decipher = createDecipheriv('aes-128-gcm', key, iv)
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

const excerpt = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
