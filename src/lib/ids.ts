import { hash, randomBytes } from 'node:crypto'

/** A source of fresh ids and secrets. Passed in, so that tests and seeded runs are repeatable. */
export type RandomId = () => string

/** 128 random bits, base64url. */
export const randomId: RandomId = () => randomBytes(16).toString('base64url')

/** SHA-256 as base64url, 43 characters. */
export const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'base64url')

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The first 60 bits of a SHA-256, in 12 characters that people can read to each other on the phone. */
export function readableId(content: string): string {
  const bytes = hash('sha256', content, 'buffer')
  return Array.from({ length: 12 }, (_, index) => CROCKFORD[(bytes[index] as number) & 31]).join('')
}
