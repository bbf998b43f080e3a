// What the client of a user reports that it could not do with our reply.

import type { Json, JsonObject } from '../lib/json.ts'

/**
 * The keys that Meta documents (https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes), and those that its
 * client is known to send.
 */
const KEYS: ReadonlySet<Json | undefined> = new Set([
  'business-decryption-error',
  'cannot_be_served',
  'components-validation-error',
  'invalid-screen-transition',
  'missing_capability',
  'no_http_response_error',
  'payload-schema-error',
  'public-key-missing',
  'public-key-signiture-verification',
  'response-decryption-error',
  'timeout_error',
  'unexpected_http_status_code',
])

/**
 * Meta's client sends `error` and `error_message`; its documentation calls the first `error_key`. A notification has these and
 * nothing else: anybody may call a field of theirs `error`. A key that is in no list counts only together with a message, which
 * the client always sends.
 */
export function isNotification(data: JsonObject): boolean {
  const { error, error_key = error, error_message, ...others } = data
  if (typeof error_key !== 'string' || Object.keys(others).length > 0) return false
  if (error !== undefined && typeof error !== 'string') return false
  return typeof error_message === 'string' || (error_message === undefined && KEYS.has(error_key))
}

/** The key, when it is one that is known; `unnamed` where the client says none, as it may, and else `other`. */
export function notifiedKey({ error, error_key = '' }: JsonObject): string {
  const key = error ?? error_key
  if (key === '') return 'unnamed'
  return KEYS.has(key) ? String(key) : 'other'
}
