// Secrets that people carry, of which we keep only the SHA-256: a copy of the database opens no door.

import { timingSafeEqual } from 'node:crypto'
import { type RandomId, sha256 } from '../../lib/ids.ts'

export const hashSecret = sha256

export function matchesSecret(secret: string, hash: string): boolean {
  const [given, kept] = [Buffer.from(sha256(secret)), Buffer.from(hash)]
  return given.length === kept.length && timingSafeEqual(given, kept)
}

/** What a cookie holds: under the id we find what we keep, and the secret shows that it is theirs. */
export type Ticket = { readonly id: string; readonly secret: string }

export const newTicket = (randomId: RandomId): Ticket => ({ id: randomId(), secret: randomId() })

export const showTicket = ({ id, secret }: Ticket): string => `${id}.${secret}`

/** Undefined for what cannot be one. */
export function readTicket(cookie: string | null): Ticket | undefined {
  const [, id, secret] = /^([\w-]{1,64})\.([\w-]{1,64})$/.exec(cookie ?? '') ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}
