// Secrets that people carry, of which we keep only the SHA-256: a copy of the database opens no door.

import { timingSafeEqual } from 'node:crypto'
import { sha256 } from '../../lib/ids.ts'

export const hashSecret = sha256

export function matchesSecret(secret: string, hash: string): boolean {
  const [given, kept] = [Buffer.from(sha256(secret)), Buffer.from(hash)]
  return given.length === kept.length && timingSafeEqual(given, kept)
}
