// Error notifications: what the user's client could not do with our reply.

import type { Json, JsonObject } from '../lib/json.ts'

/** Keys in Meta's docs (https://developers.facebook.com/docs/whatsapp/flows/reference/error-codes), and others seen from its client. */
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
 * Meta's client sends `error` and `error_message`; the docs call the first `error_key`. A notification has nothing else, because a form
 * may have a field called `error`. An unknown key needs a message, which the client always sends.
 */
export function isNotification(data: JsonObject): boolean {
  const { error, error_key = error, error_message, ...others } = data
  if (typeof error_key !== 'string' || Object.keys(others).length > 0) return false
  if (error !== undefined && typeof error !== 'string') return false
  return typeof error_message === 'string' || (error_message === undefined && KEYS.has(error_key))
}

/** The key if it is known; `unnamed` if there is none, else `other`. */
export function notifiedKey({ error, error_key = '' }: JsonObject): string {
  const key = error ?? error_key
  if (key === '') return 'unnamed'
  return KEYS.has(key) ? String(key) : 'other'
}
