import { expect, test } from 'bun:test'
import { eventOf } from '../../test/arbitrary-events.ts'
import { advance, type LiveSession } from '../flow/live-session.ts'
import { createStateSeal } from './sealed-state.ts'

const sessionOf = (input = {}, text = 'reply'): LiveSession =>
  advance(
    undefined,
    eventOf({ input: {} }),
    { input, vars: { cart: [1] }, last: { key: 'k', at: 1, outcome: 'shown', next: 'A', text } },
    1_000,
  )

test('what is sealed opens again, for its owner and under its key only', () => {
  const seal = createStateSeal('a key')
  const session = sessionOf({ name: 'Ada Lovelace' })
  const sealed = seal.seal(session, 'f\nt') as string
  expect(Buffer.from(sealed, 'base64').includes('Ada')).toBe(false)
  expect(seal.open(sealed, 'f\nt')).toEqual(session)
  expect(seal.open(sealed, 'f\nu')).toBeUndefined()
  expect(createStateSeal('another key').open(sealed, 'f\nt')).toBeUndefined()
})

test('equal sessions are sealed differently each time', () => {
  const seal = createStateSeal('a key')
  expect(seal.seal(sessionOf(), 'o')).not.toBe(seal.seal(sessionOf(), 'o'))
})

test.each(['', 'AQ==', 'not base64', Buffer.alloc(200, 1).toString('base64')])('%j opens to nothing', (sealed) =>
  expect(createStateSeal('a key').open(sealed, 'o')).toBeUndefined(),
)

test('one changed byte is noticed', () => {
  const seal = createStateSeal('a key')
  const bytes = Buffer.from(seal.seal(sessionOf(), 'o') as string, 'base64')
  for (const at of [0, 1, 20, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] as number) ^ 1
    expect(seal.open(changed.toString('base64'), 'o')).toBeUndefined()
  }
})

test('a large session does without the reply for a second tap, and one that is too large is not sealed', () => {
  const seal = createStateSeal('a key')
  const { last, ...rest } = sessionOf({ note: 'x'.repeat(10_000) }, 'y'.repeat(32_000))
  const opened = seal.open(seal.seal({ ...rest, ...(last && { last }) }, 'o') as string, 'o')
  expect(opened).toEqual({ ...rest, last: { key: 'k', at: 1, outcome: 'shown', next: 'A' } })
  expect(seal.seal({ ...rest, vars: { all: 'z'.repeat(400_000) } }, 'o')).toBeUndefined()
})

test('one that is far too large is not even written as JSON', () => {
  const vars = { all: 'z'.repeat(2_000_000), toJSON: () => expect.unreachable() }
  expect(
    createStateSeal('a key').seal({ ...sessionOf(), vars: vars as unknown as LiveSession['vars'] }, 'o'),
  ).toBeUndefined()
})
