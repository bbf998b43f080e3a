// Pseudonyms: equal for equal values under one key.

import { createHmac } from 'node:crypto'
import { canonical, type Json, type JsonObject } from '../lib/json.ts'
import { plainForm } from '../lib/text.ts'

/** Kept outside the database, so that a copy of the data alone reveals nothing. */
export type PseudonymKey = string | Uint8Array

/** Of a field's value. Different spellings of a phone number or an e-mail address give the same pseudonym. */
export const pseudonymOf = (value: Json, key: PseudonymKey): string =>
  `h:${hmac(key, typeof value === 'string' ? normalise(value) : canonical(value)).slice(0, 22)}`

/** Of any other text, exactly as it is. Equal texts of two kinds give different pseudonyms. */
export const pseudonymFor = (kind: 'token' | 'trigger' | 'sequence', text: string, key: PseudonymKey): string =>
  `h:${hmac(key, `${kind}\n${text}`).slice(0, 22)}`

/** Of who is not to come back: it tells nothing of a person without the key, and is no pseudonym that an event could have. */
export const erasedHash = (parts: readonly string[], key: PseudonymKey): string =>
  hmac(key, `erased\n${canonical(parts)}`)

export const isPseudonym = (text: string): boolean => /^h:[\w-]{22}$/.test(text)

/** Equal for equal data under the same key. */
export const fingerprintOf = (data: JsonObject, key: PseudonymKey): string => hmac(key, canonical(data)).slice(0, 11)

const hmac = (key: PseudonymKey, text: string): string => createHmac('sha256', key).update(text).digest('base64url')

/** `+351 912-345-678` and `+351912345678` are one phone; `Ana@Example.com ` and `ana@example.com` one address. */
function normalise(text: string): string {
  const plain = plainForm(text).toLowerCase()
  return /^\+?\(?\d[\d\s().-]*$/.test(plain) ? plain.replace(/[^\d]/g, '') : plain
}
