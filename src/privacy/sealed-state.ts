// Seals what a session said, so that it can lie beside events in the journal and the store: whoever has these without the key can read
// nothing of it.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type LiveSession, weightOfSession } from '../flow/live-session.ts'
import { isObject, parseJson } from '../lib/json.ts'
import type { PseudonymKey } from './pseudonym.ts'

export type StateSeal = ReturnType<typeof createStateSeal>

/** Add one where the shape of a session changes. */
const LAYOUT = 1
const HEAD = Buffer.from([LAYOUT])
const IV_BYTES = 12
const TAG_BYTES = 16

/** Characters of JSON. Larger sessions do without the reply for a second tap, then without what screens were sent with. */
const SMALL = 48 * 1024
const LARGEST = 384 * 1024

/** By `weightOfSession`, which is at most eight times the characters: such a session is too large, and not worth writing to find out. */
const HEAVIEST = 8 * LARGEST

/** AES-256-GCM; its key is derived from that of the pseudonyms, which is kept outside the store. */
export function createStateSeal(secret: PseudonymKey) {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'screentrail sealed session', 32))
  return {
    /** Base64; undefined for one that is too large to be kept. `owner`: flow and token. */
    seal(session: LiveSession, owner: string): string | undefined {
      if (weightOfSession(session) > HEAVIEST) return undefined
      const text = textOf(session)
      if (text.length > LARGEST) return undefined
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      cipher.setAAD(Buffer.from(owner))
      return Buffer.concat([HEAD, iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64')
    },
    /** Undefined for what was sealed by another key, for another owner or by a version that wrote it otherwise. */
    open(sealed: string, owner: string): LiveSession | undefined {
      const bytes = Buffer.from(sealed, 'base64')
      if (bytes[0] !== LAYOUT || bytes.length < 1 + IV_BYTES + TAG_BYTES) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + IV_BYTES))
        decipher.setAAD(Buffer.from(owner))
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        const text = Buffer.concat([decipher.update(bytes.subarray(1 + IV_BYTES, -TAG_BYTES)), decipher.final()])
        const session = parseJson(text.toString())
        return isObject(session) ? (session as unknown as LiveSession) : undefined
      } catch {
        return undefined
      }
    },
  }
}

function textOf({ last, ...session }: LiveSession): string {
  const { text: _, ...withoutText } = last ?? {}
  const whole = JSON.stringify({ ...session, ...(last && { last }) })
  if (whole.length <= SMALL || !last) return whole
  const rest = JSON.stringify({ ...session, last: withoutText })
  return rest.length <= LARGEST ? rest : JSON.stringify({ ...session, last: withoutText, sent: {} })
}
