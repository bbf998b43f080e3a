// Secrets whose SHA-256 alone is stored, so that nobody can log in with a copy of the database.

import { timingSafeEqual } from 'node:crypto'
import { type RandomId, sha256 } from '../../lib/ids.ts'

export function matchesSecret(secret: string, hash: string): boolean {
  const [actual, expected] = [Buffer.from(sha256(secret)), Buffer.from(hash)]
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

/** The value of a cookie: `id` finds the stored document, `secret` proves that the cookie is genuine. */
export type Ticket = { readonly id: string; readonly secret: string }

export const newTicket = (randomId: RandomId): Ticket => ({ id: randomId(), secret: randomId() })

export const formatTicket = ({ id, secret }: Ticket): string => `${id}.${secret}`

/** Undefined if the cookie has another form. */
export function parseTicket(cookie: string | null): Ticket | undefined {
  const [, id, secret] = /^([\w-]{1,64})\.([\w-]{1,64})$/.exec(cookie ?? '') ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}
