import { describe, expect, test } from 'bun:test'
import { RULES } from '../../test/numbers-page.ts'
import { walkersEvents } from '../../test/walkers.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import { type Condense, createDecoder } from './decoder.ts'
import { decodeParts, encodeParts, type StoredParts } from './encode-parts.ts'
import { SESSION_ROLLUPS } from './kinds.ts'
import { aggregateSessions, NO_SESSIONS, type SessionAggregate } from './session-aggregate.ts'

const trails = Map.groupBy(walkersEvents(300), ({ token }) => token)
const sessions = [...trails.values()].flatMap((events) => sessionsOf(events, RULES))
const stored = encodeParts(SESSION_ROLLUPS, aggregateSessions(sessions))
const decodedAlone = (parts: StoredParts) => SESSION_ROLLUPS.decode(decodeParts(SESSION_ROLLUPS, parts))

function countingDecoder() {
  let decoded = 0
  const decode: typeof SESSION_ROLLUPS.decode = (parts) => {
    decoded++
    return SESSION_ROLLUPS.decode(parts)
  }
  const condensed = createDecoder({ ...SESSION_ROLLUPS, decode })
  /** To a question that needs all of it, and whose answer changes with time. */
  const whole = (parts: StoredParts) =>
    condensed({ parts }, { name: 'whole', asOf: 0, of: (sum) => ({ sum, isFinal: false }) }).sum
  return { condensed, whole, decoded: () => decoded }
}

test('a rollup that is the same again is decoded once', () => {
  const { whole, decoded } = countingDecoder()
  const copy = encodeParts(SESSION_ROLLUPS, aggregateSessions(sessions))
  expect(whole(stored)).toEqual(decodedAlone(stored))
  expect(whole(copy)).toEqual(decodedAlone(stored))
  expect(decoded()).toBe(1)
})

test('one that has changed is decoded anew, and so is one of which another part was read', () => {
  const { whole } = countingDecoder()
  const changed = encodeParts(SESSION_ROLLUPS, aggregateSessions(sessions.slice(1)))
  const inPart = { paths: stored.paths ?? '' }
  for (const parts of [stored, changed, inPart, stored]) expect(whole(parts)).toEqual(decodedAlone(parts))
})

describe('what a question needs of a rollup', () => {
  const opened = (asOf: number, isFinal: boolean, name = 'opened'): Condense<SessionAggregate> => ({
    name,
    asOf,
    of: ({ opened }) => ({ sum: { ...NO_SESSIONS, opened }, isFinal }),
  })
  const small = { paths: '{}', rest: encodeParts(SESSION_ROLLUPS, { ...NO_SESSIONS, opened: 7 }).rest ?? '' }

  test('is worked out once where it is final, however small the rollup', () => {
    const { condensed, decoded } = countingDecoder()
    for (const asOf of [5, 5, 9])
      expect(condensed({ parts: small }, opened(asOf, true)).sum).toEqual({ ...NO_SESSIONS, opened: 7 })
    expect(decoded()).toBe(1)
  })

  test.each([
    ['as of an earlier time', opened(4, true)],
    ['by a question of another name', opened(5, true, 'others')],
  ])('is worked out anew %s', (_, another) => {
    const { condensed, decoded } = countingDecoder()
    for (const condense of [opened(5, true), another]) condensed({ parts: small }, condense)
    expect(decoded()).toBe(2)
  })

  test('goes by the id that the database has for it, and a rollup that was written again has another', () => {
    const { condensed, decoded } = countingDecoder()
    const rewritten = { ...small, rest: encodeParts(SESSION_ROLLUPS, { ...NO_SESSIONS, opened: 8 }).rest ?? '' }
    const told = [
      condensed({ parts: small, id: '1 2 3 1' }, opened(5, true)),
      condensed({ parts: small, id: '1 2 3 1' }, opened(6, true)),
      condensed({ parts: rewritten, id: '1 2 3 2' }, opened(6, true)),
    ]
    expect([told.map(({ sum }) => sum.opened), decoded()]).toEqual([[7, 7, 8], 2])
  })

  test('is worked out once as of the same time where it is not final, and anew as of any other', () => {
    const { condensed, decoded } = countingDecoder()
    const decodings = [5, 5, 6, 6, 5].map((asOf) => {
      condensed({ parts: small }, opened(asOf, false))
      return decoded()
    })
    expect(decodings).toEqual([1, 1, 2, 2, 3])
  })
})
