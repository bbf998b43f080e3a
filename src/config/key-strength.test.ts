import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { bitsOf, WEAK_BITS } from './key-strength.ts'

test.each([
  'aaaaaaaaaaaaaaaa',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'abababababababab',
  'aaaaaaaaaaaaaaab',
  'aaaaaaaabbbbbbbbccccccccdddddddd',
  '1234567890123456',
  '0123456789abcdef',
  '0123456789abcdef0123456789ABCDEF',
  'abcdefghijklmnopqrstuvwxyz',
  'passwordpassword',
  'changemechangeme',
  'Change-Me-Please-1234',
  'your-secret-key-here',
  'my-secret-key-123456',
  'Insert_Your_Pseudonym_Key_Here',
  'qwertyuiopasdfgh',
  '0000000000000001',
  '                x',
])('%s is weak', (key) => expect(bitsOf(key)).toBeLessThan(WEAK_BITS))

/** The same each time, and as good as random. */
const randomBytes = (seed: number): Buffer => createHash('sha512').update(`seed ${seed}`).digest()

test.each([
  ['what init writes', (bytes: Buffer) => bytes.subarray(0, 32).toString('base64url')],
  ['openssl rand -base64 32', (bytes: Buffer) => bytes.subarray(0, 32).toString('base64')],
  ['openssl rand -hex 32', (bytes: Buffer) => bytes.subarray(0, 32).toString('hex')],
  ['openssl rand -hex 16', (bytes: Buffer) => bytes.subarray(0, 16).toString('hex')],
  ['openssl rand -base64 16', (bytes: Buffer) => bytes.subarray(0, 16).toString('base64')],
  ['a UUID', (bytes: Buffer) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')],
])('%s never is', (_, write) => {
  const bits = Array.from({ length: 2_000 }, (_, seed) => bitsOf(write(randomBytes(seed))))
  expect(Math.min(...bits)).toBeGreaterThan(WEAK_BITS)
})

test('a passphrase of many words is none', () => {
  expect(bitsOf('correct horse battery staple mountain river')).toBeGreaterThan(WEAK_BITS)
})
