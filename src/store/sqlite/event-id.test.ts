import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { isEventId } from '../validate-batch.ts'
import { packId, unpackId } from './event-id.ts'

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
const arbitraryId = fc.string({ unit: fc.constantFrom(...letters), minLength: 43, maxLength: 43 })

test('a packed id is 33 bytes and comes back as it was', () => {
  fc.assert(
    fc.property(arbitraryId, (id) => {
      expect(packId(id)).toHaveLength(33)
      expect(unpackId(packId(id))).toBe(id)
    }),
  )
})

test('packed ids sort as their texts do', () => {
  const pair = fc
    .tuple(arbitraryId, arbitraryId, fc.nat({ max: 43 }))
    .map(([a, b, common]) => [a, a.slice(0, common) + b.slice(common)] as const)
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(Buffer.compare(packId(a), packId(b))).toBe(a === b ? 0 : a < b ? -1 : 1)
    }),
  )
})

test.each([
  '',
  'a'.repeat(42),
  'a'.repeat(44),
  `${'a'.repeat(42)}=`,
  `${'a'.repeat(42)}é`,
  `${'a'.repeat(43)}\n`,
  7,
  null,
])('%j is no event id', (id) => {
  expect(isEventId(id)).toBe(false)
})
