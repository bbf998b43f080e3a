import { expect, test } from 'bun:test'
import { RULES } from '../../test/numbers-page.ts'
import { walkersEvents } from '../../test/walkers.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import { createDecoder } from './decoder.ts'
import { decodeParts, encodeParts } from './encode-parts.ts'
import { SESSION_ROLLUPS } from './kinds.ts'
import { aggregateSessions } from './session-aggregate.ts'

/** Large enough to be remembered. */
const trails = Map.groupBy(walkersEvents(300), ({ token }) => token)
const sessions = [...trails.values()].flatMap((events) => sessionsOf(events, RULES))
const stored = encodeParts(SESSION_ROLLUPS, aggregateSessions(sessions))
const decodedAlone = (parts: Parameters<typeof decodeParts>[1]) =>
  SESSION_ROLLUPS.decode(decodeParts(SESSION_ROLLUPS, parts))

function countingDecoder() {
  let decoded = 0
  const decode: typeof SESSION_ROLLUPS.decode = (parts) => {
    decoded++
    return SESSION_ROLLUPS.decode(parts)
  }
  return { decode: createDecoder({ ...SESSION_ROLLUPS, decode }), decoded: () => decoded }
}

test('a rollup that is the same again is decoded once', () => {
  const { decode, decoded } = countingDecoder()
  const copy = encodeParts(SESSION_ROLLUPS, aggregateSessions(sessions))
  expect(decode(stored)).toEqual(decodedAlone(stored))
  expect(decode(copy)).toEqual(decodedAlone(stored))
  expect(decoded()).toBe(1)
})

test('one that has changed is decoded anew, and so is one of which another part was read', () => {
  const { decode } = countingDecoder()
  const changed = encodeParts(SESSION_ROLLUPS, aggregateSessions(sessions.slice(1)))
  const inPart = { paths: stored.paths ?? '' }
  for (const parts of [stored, changed, inPart, stored]) expect(decode(parts)).toEqual(decodedAlone(parts))
})

test('a small one is not remembered', () => {
  const { decode, decoded } = countingDecoder()
  const small = { paths: '{}' }
  for (const _ of [1, 2]) expect(decode(small)).toEqual(decodedAlone(small))
  expect(decoded()).toBe(2)
})
