import { describe, expect, test } from 'bun:test'
import { eventOf } from '../../test/arbitrary-events.ts'
import { pseudonymOf } from '../privacy/pseudonym.ts'
import { belongsTo, hashesBy } from './hashes.ts'
import { type Asked, readPerson } from './person.ts'

const key = 'a key'
const hashes = hashesBy(key)
const read = (asked: Asked) => readPerson(asked, { hashes, key, flows: [{}], known: new Set(['feedback']) })
const personOf = (asked: Asked) => {
  const found = read(asked)
  if (!found.ok) throw new Error(found.mistake)
  return found.person
}
const PHONE = '+351 912 345 678'

describe('what was typed', () => {
  test('is nowhere in what is kept of a value, or of a token that is a phone number', () => {
    for (const asked of [{ value: PHONE }, { value: 'Ana Maria' }, { token: PHONE }]) {
      const kept = JSON.stringify(personOf(asked))
      for (const piece of ['912', 'Ana', '351']) expect(kept).not.toContain(piece)
      expect(personOf(asked).isSearched).toBe(true)
    }
  })

  test('is found at once by a token', () => {
    expect(personOf({ token: 'opaque' })).toMatchObject({
      isSearched: false,
      tokens: expect.arrayContaining(['opaque']),
    })
  })

  test.each<[Asked, RegExp]>([
    [{}, /expected one of/],
    [{ token: 'a', value: 'b' }, /expected one of/],
    [{ value: '  ' }, /is empty/],
    [{ token: 'unused' }, /what Meta sends for everybody without one; give a value/],
    [{ pseudonym: 'h:short' }, /"h:short" is no pseudonym; expected h: and 22 letters/],
  ])('%j is refused with a sentence', (asked, sentence) => {
    const found = read(asked)
    expect(found.ok ? '' : found.mistake).toMatch(sentence)
  })
})

describe('an event is theirs', () => {
  const isTheirs = (asked: Asked, partial: Parameters<typeof eventOf>[0]) => {
    const { byToken, byValue } = belongsTo(new Set(personOf(asked).hashes), hashes)
    const event = eventOf({ token: 'opaque', ...partial })
    return byToken(event) || byValue(event, event.input)
  }
  const hash = pseudonymOf(PHONE, key)

  test('by the value in any spelling, as text, number, in a list, or as a pseudonym', () => {
    const asked = { value: '351-912-345-678' }
    for (const value of [PHONE, 351912345678, ['x', PHONE], { $hash: hash }, { day: PHONE }])
      expect(isTheirs(asked, { input: { phone: value } })).toBe(true)
    for (const value of ['351 912 345 679', { $length: 16 }, { $hash: 'h:other' }, null, true])
      expect(isTheirs(asked, { input: { phone: value } })).toBe(false)
  })

  test('by a pseudonym of a value or of a token, within a flow where one is named', () => {
    expect(isTheirs({ pseudonym: hash }, { input: { phone: PHONE } })).toBe(true)
    expect(isTheirs({ pseudonym: hash }, { token: hash })).toBe(true)
    expect(isTheirs({ pseudonym: hash, flow: 'feedback' }, { token: hash })).toBe(false)
    expect(isTheirs({ pseudonym: hash, flow: 'feedback' }, { token: hash, flow: 'feedback' })).toBe(true)
  })
})
